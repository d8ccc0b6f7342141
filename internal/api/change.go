package api

import (
	"encoding/json"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/app"
)

// created answers for a thing that was made.
type created struct {
	Location string `header:"Location" doc:"Address of what was made."`
	Index    string `header:"Touchstone-Audit-Index" doc:"Place of the entry in the audit log."`
	Body     createdBody
}

type createdBody struct {
	ID string `json:"id"`
}

// changed answers for a thing that was changed.
type changed[T any] struct {
	ETag  string `header:"ETag" doc:"The version now, for the next If-Match."`
	Index string `header:"Touchstone-Audit-Index" doc:"Place of the entry in the audit log."`
	Body  T
}

// done answers for a change of which there is nothing to say.
type done struct {
	Index string `header:"Touchstone-Audit-Index" doc:"Place of the entry in the audit log."`
}

type changedBody struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
}

type movedBody struct {
	ID      string `json:"id"`
	State   string `json:"state"`
	Version int64  `json:"version"`
}

// settle gives the outcome of a change in the form in which it is kept for a
// repeated request. Both the first answer and its repetition come out of that
// form, so they cannot differ.
func settle[T any](r app.Receipt, err error, kept func() any) (out T, index string, _ error) {
	if repeat, ok := app.IsRepeat(err); ok {
		if err := json.Unmarshal(repeat.Body, &out); err != nil {
			return out, "", fmt.Errorf("read a kept answer: %w", err)
		}
		return out, itoa(repeat.Index), nil
	}
	if err != nil {
		return out, "", err
	}
	b, err := json.Marshal(kept())
	if err != nil {
		return out, "", fmt.Errorf("encode an answer: %w", err)
	}
	if err := json.Unmarshal(b, &out); err != nil {
		return out, "", fmt.Errorf("shape an answer: %w", err)
	}
	return out, itoa(r.Index), nil
}

// creation answers 201; path leads to the things of its kind.
func creation(path string, c app.Created, r app.Receipt, err error) (*created, error) {
	body, index, err := settle[createdBody](r, err, func() any { return c })
	if err != nil {
		return nil, err
	}
	return &created{Location: Prefix + path + "/" + body.ID, Index: index, Body: body}, nil
}

func change(id string, version int64, r app.Receipt, err error) (*changed[changedBody], error) {
	body, index, err := settle[changedBody](r, err, func() any { return changedBody{ID: id, Version: version} })
	if err != nil {
		return nil, err
	}
	return &changed[changedBody]{ETag: etag(body.Version), Index: index, Body: body}, nil
}

func movement(id, state string, version int64, r app.Receipt, err error) (*changed[movedBody], error) {
	body, index, err := settle[movedBody](r, err, func() any { return movedBody{ID: id, State: state, Version: version} })
	if err != nil {
		return nil, err
	}
	return &changed[movedBody]{ETag: etag(body.Version), Index: index, Body: body}, nil
}

func finished(r app.Receipt, err error) (*done, error) {
	_, index, err := settle[any](r, err, func() any { return nil })
	if err != nil {
		return nil, err
	}
	return &done{Index: index}, nil
}
