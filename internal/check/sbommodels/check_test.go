package sbommodels_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/sbommodels"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestSBOMModelsAndFirmware(t *testing.T) {
	typed := func(kind string) check.Facts {
		return checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Types = map[string]int{"library": 99, kind: 1} }))
	}
	files := func(f check.Facts, names ...string) check.Facts {
		var a fact.Artifacts
		for _, n := range names {
			a.Files = append(a.Files, fact.Artifact{Name: n})
		}
		f.Artifacts = checktest.List(a)
		return f
	}
	checktest.Run(t, sbommodels.Evaluate, []checktest.Case{
		checktest.It("a model that is listed", files(typed("machine-learning-model"), "rank.onnx"), checktest.Pass, "1 component of type machine-learning-model"),
		checktest.It("firmware that is listed", typed("firmware"), checktest.Pass, "firmware"),
		checktest.It("a model that is not", files(typed("library"), "shop.tar.gz", "models/rank.ONNX"), checktest.Fail, "models/rank.ONNX looks like a model"),
		checktest.It("firmware beside a listed model", files(typed("machine-learning-model"), "a.onnx", "board.uf2"), checktest.Fail, "board.uf2 looks like firmware"),
		checktest.It("neither", files(typed("library"), "shop.tar.gz"), checktest.Nothing, "No file"),
		checktest.It("files not known", typed("library"), checktest.Cannot, "touchstone.artifacts/v1"),
	})
}
