package framework

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestTheCAFRuleYieldsALevelFromIndicators(t *testing.T) {
	f := caf()
	three, _ := f.Requirement("A1.a") // 0,1 not achieved; 2,3 partially; 4,5 achieved
	two, _ := f.Requirement("A1.b")   // 0 not achieved; 1,2 achieved
	tests := map[string]struct {
		r      *Requirement
		chosen []int
		want   string
	}{
		"nothing chosen is not achieved":                            {three, nil, "not_achieved"},
		"all of the highest is achieved":                            {three, []int{4, 5}, "achieved"},
		"achieved does not need the partial indicators":             {three, []int{2, 4, 5}, "achieved"},
		"one of the lowest spoils achieved":                         {three, []int{0, 4, 5}, "not_achieved"},
		"all partial indicators make partially":                     {three, []int{2, 3}, "partially_achieved"},
		"some partial indicators do not":                            {three, []int{2}, "not_achieved"},
		"some of the highest do not make partially":                 {three, []int{4}, "not_achieved"},
		"partial and some of the highest is partially":              {three, []int{2, 3, 4}, "partially_achieved"},
		"one of the lowest spoils partially":                        {three, []int{1, 2, 3}, "not_achieved"},
		"without a partial level some of the highest is the lowest": {two, []int{1}, "not_achieved"},
		"without a partial level all of the highest is achieved":    {two, []int{1, 2}, "achieved"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := OutcomeLevel(f, tc.r, tc.chosen)
			if err != nil || got.ID != tc.want {
				t.Errorf("got %q, %v; want %q", got.ID, err, tc.want)
			}
		})
	}
	if _, err := OutcomeLevel(sound(), three, nil); err == nil {
		t.Error("the rule was applied to a framework that does not use it")
	}
}

func TestEveryRequirementIsCountedOnceWhateverIsClaimed(t *testing.T) {
	f := caf()
	reqs := f.Requirements()
	rapid.Check(t, func(t *rapid.T) {
		claims := map[string]string{}
		for _, r := range reqs {
			claims[r.ID] = rapid.SampledFrom([]string{"", "achieved", "partially_achieved", "not_achieved", DontKnow, NotApplicable, "gold"}).Draw(t, r.ID)
		}
		got := Distribution(f, reqs, claims)
		if sum := got.Answered() + got.NotApplicable + got.DontKnow + got.Unanswered + got.Unknown; sum != len(reqs) || got.Total != len(reqs) {
			t.Fatalf("%d counted of %d: %+v", sum, len(reqs), got)
		}
	})
}

func TestSilenceDoubtAndNotApplicableAreNeverLevels(t *testing.T) {
	f := sound()
	got := Distribution(f, f.Requirements(), map[string]string{"A1.a": DontKnow, "A1.b": NotApplicable})
	if got.Answered() != 0 || got.DontKnow != 1 || got.NotApplicable != 1 || got.Unanswered != 1 {
		t.Errorf("%+v", got)
	}
	if _, ok := got.Worst("answer"); ok {
		t.Error("there is a worst level although nothing was claimed")
	}
}

func TestAClaimAtALevelThatDoesNotExistThereIsNotCountedAsOne(t *testing.T) {
	f := caf()
	got := Distribution(f, f.Requirements(), map[string]string{"A1.b": "partially_achieved"})
	if got.Unknown != 1 || got.Answered() != 0 {
		t.Errorf("%+v", got)
	}
}

func TestTheWorstLevelIsTheLowestClaimed(t *testing.T) {
	f := sound()
	got := Distribution(f, f.Requirements(), map[string]string{"A1.a": "met", "A1.b": "partly_met", "B.1": "met"})
	if v, _ := got.Worst("answer"); v.ID != "partly_met" {
		t.Errorf("worst %q", v.ID)
	}
}

// Trap 16: outcomes and bands are never averaged into one figure.
func TestNoRollUpHoldsAFraction(t *testing.T) {
	for _, v := range []any{Tally{}, LevelCount{}, Confidence{}, Threshold{}} {
		for i := range reflect.TypeOf(v).NumField() {
			field := reflect.TypeOf(v).Field(i)
			if k := field.Type.Kind(); k == reflect.Float32 || k == reflect.Float64 {
				t.Errorf("%T.%s is a fraction", v, field.Name)
			}
		}
	}
	if slices.ContainsFunc(rollUps(), func(s string) bool { return s == "average" || s == "mean" || s == "percentage" }) {
		t.Error("an averaging roll-up is allowed")
	}
}

func profile() *Framework {
	f := sound()
	f.RollUp = RollUp{Function: RollUpConfidenceProfile, Note: "Count", Bands: []string{"LOW", "MEDIUM", "HIGH"}}
	return f
}

func TestWithoutThresholdsTheBandIsNotSet(t *testing.T) {
	f := profile()
	got, ps := ConfidenceProfile(f, f.Requirements(), map[string]string{"A1.a": "met", "A1.b": NotApplicable}, nil)
	if got.Band != BandNotSet || got.Met != 1 || got.Applicable != 2 || len(ps) > 0 {
		t.Errorf("%+v, %v", got, ps)
	}
}

func TestAnEnteredThresholdGivesTheBand(t *testing.T) {
	f := profile()
	h := []Threshold{{"LOW", 0, "Letter"}, {"MEDIUM", 1, "Letter"}, {"HIGH", 3, "Letter"}}
	for met, want := range map[int]string{0: "LOW", 1: "MEDIUM", 2: "MEDIUM", 3: "HIGH"} {
		claims := map[string]string{}
		for _, r := range f.Requirements()[:met] {
			claims[r.ID] = "met"
		}
		if got, ps := ConfidenceProfile(f, f.Requirements(), claims, h); got.Band != want || len(ps) > 0 {
			t.Errorf("%d met: %q, %v; want %q", met, got.Band, ps, want)
		}
	}
}

func TestThresholdsThatDoNotHoldTogetherAreRefused(t *testing.T) {
	for name, h := range map[string][]Threshold{
		"one is missing":      {{"LOW", 0, "S"}, {"HIGH", 3, "S"}},
		"not in order":        {{"LOW", 0, "S"}, {"MEDIUM", 3, "S"}, {"HIGH", 3, "S"}},
		"does not begin at 0": {{"LOW", 1, "S"}, {"MEDIUM", 2, "S"}, {"HIGH", 3, "S"}},
		"without a source":    {{"LOW", 0, "S"}, {"MEDIUM", 2, ""}, {"HIGH", 3, "S"}},
		"another band":        {{"LOW", 0, "S"}, {"MIDDLE", 2, "S"}, {"HIGH", 3, "S"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, ps := ConfidenceProfile(profile(), profile().Requirements(), nil, h)
			if len(ps) == 0 || got.Band != BandNotSet {
				t.Errorf("%+v, %v", got, ps)
			}
		})
	}
}

func TestATargetIsReachedAtItsLevelOrAbove(t *testing.T) {
	f := caf()
	r, _ := f.Requirement("A1.a")
	two, _ := f.Requirement("A1.b")
	if !Reaches(f, r, "achieved", "partially_achieved") || !Reaches(f, r, "partially_achieved", "partially_achieved") ||
		Reaches(f, r, "not_achieved", "partially_achieved") || Reaches(f, r, DontKnow, "not_achieved") || Reaches(f, two, "partially_achieved", "not_achieved") {
		t.Error("levels are compared wrongly")
	}
}
