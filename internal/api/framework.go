package api

import (
	"context"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
)

type frameworkBrief struct {
	ID        string   `json:"id" ref:"framework"`
	Version   string   `json:"version"`
	Title     string   `json:"title"`
	Short     string   `json:"short"`
	Publisher string   `json:"publisher"`
	Status    string   `json:"status"`
	Alignment string   `json:"alignment"`
	Subjects  []string `json:"subjects" nullable:"false"`
	Months    int      `json:"months" doc:"An assessment is due at most so many months after approval; 0 when there is no schedule."`
}

func frameworkOf(f *framework.Framework) frameworkBrief {
	return frameworkBrief{ID: f.ID, Version: f.Version, Title: f.Title, Short: f.Short, Publisher: f.Publisher, Status: f.Status, Alignment: f.Alignment,
		Subjects: append([]string{}, f.Subjects...), Months: f.Cadence.Months}
}

func frameworks(s *server) {
	route(s, Operation{ID: "listFrameworks", Method: "GET", Path: "/frameworks", Summary: "List the frameworks and their versions", Needs: access.FrameworkRead},
		func(ctx context.Context, who access.Actor, in *Paging) (*listed[frameworkBrief], error) {
			all, err := s.app.FrameworkHeads(ctx, who)
			if err != nil {
				return nil, err
			}
			return pageOf(all, *in, app.DefaultLimit, (*framework.Framework).Key, frameworkOf)
		})
	route(s, Operation{ID: "getFramework", Method: "GET", Path: "/frameworks/{id}", Summary: "Read a framework whole", Needs: access.FrameworkRead},
		func(ctx context.Context, who access.Actor, in *struct {
			ID      string `path:"id" ref:"framework"`
			Version string `query:"version" doc:"The newest when not said."`
		}) (*struct{ Body *framework.Framework }, error) {
			f, err := s.app.FrameworkView(ctx, who, in.ID, in.Version)
			if err != nil {
				return nil, err
			}
			return &struct{ Body *framework.Framework }{f}, nil
		})
}
