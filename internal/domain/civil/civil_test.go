package civil

import (
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"
)

func TestMonthEndsAreClamped(t *testing.T) {
	for _, c := range []struct {
		from   Date
		months int
		want   Date
	}{
		{"2025-11-30", 3, "2026-02-28"}, {"2027-11-30", 3, "2028-02-29"}, {"2026-01-31", 1, "2026-02-28"},
		{"2026-05-31", -3, "2026-02-28"}, {"2026-10-15", 3, "2027-01-15"}, {"2026-03-31", 12, "2027-03-31"},
	} {
		if got := c.from.AddMonths(c.months); got != c.want {
			t.Errorf("%s plus %d months = %s, want %s", c.from, c.months, got, c.want)
		}
	}
}

func TestDaysBeginInTheZone(t *testing.T) {
	london, _ := time.LoadLocation("Europe/London")
	if got := Of(time.Date(2026, 6, 30, 23, 30, 0, 0, time.UTC), london); got != "2026-07-01" {
		t.Errorf("half past midnight BST is %s", got)
	}
	if got := Date("2026-07-01").Start(london).UTC().Hour(); got != 23 {
		t.Errorf("a summer day starts at %d UTC", got)
	}
	beirut, err := time.LoadLocation("Asia/Beirut")
	if err != nil {
		t.Fatal(err)
	}
	day := Date("2022-03-27") // clocks went from 00:00 to 01:00
	if got := Of(day.Start(beirut), beirut); got != day {
		t.Errorf("a day without midnight starts on %s", got)
	}
}

func TestParseRefusesWhatIsNotADay(t *testing.T) {
	for _, s := range []string{"", "2026-2-3", "2026-02-30", "30/01/2026", "0001-01-01", "2026-01-01T00:00:00Z", "2026-01-01 "} {
		if _, err := Parse(s); err == nil {
			t.Errorf("%q was read as a day", s)
		}
	}
}

func TestAddMonthsNeverSkipsAMonth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Of(time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "s"), 0), nil)
		n := rapid.IntRange(0, 60).Draw(t, "n")
		a, b := d.Start(nil), d.AddMonths(n).Start(nil)
		if got := (b.Year()-a.Year())*12 + int(b.Month()-a.Month()); got != n {
			t.Fatalf("%s plus %d months is %s", d, n, d.AddMonths(n))
		}
		if d.DaysUntil(d.AddDays(n)) != n {
			t.Fatal("days do not add up")
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("2026-02-28")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := Parse(s); err == nil && Of(d.Start(nil), nil) != d {
			t.Fatalf("%q does not come back", s)
		}
	})
}
