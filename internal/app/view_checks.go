package app

import (
	"context"

	libcheck "github.com/touchstone-assurance/touchstone/internal/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// LibraryCheck is one automated check with its definition.
type LibraryCheck = libcheck.Check

// CheckLibrary lists the automated checks. It needs framework.read.
func (a *App) CheckLibrary(ctx context.Context, who access.Actor) ([]LibraryCheck, error) {
	if _, err := a.Decide(ctx, who, access.FrameworkRead); err != nil {
		return nil, err
	}
	return a.Checks.All(), nil
}

// LibraryCheckOf finds a check by its id. It needs framework.read.
func (a *App) LibraryCheckOf(ctx context.Context, who access.Actor, id string) (LibraryCheck, error) {
	all, err := a.CheckLibrary(ctx, who)
	if err != nil {
		return LibraryCheck{}, err
	}
	for _, c := range all {
		if c.ID == id {
			return c, nil
		}
	}
	return LibraryCheck{}, errNotFound
}
