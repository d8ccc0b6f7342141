package web

import (
	"net/http"
	"strings"
)

// logShowView is the state of the log and how anybody can check it.
type logShowView struct {
	Note string
	Keys []string
}

func (s *Site) logShow(rq *request) (reply, error) {
	note, err := s.App.Checkpoint(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	keys, err := s.App.CheckpointKeys(rq.Context())
	if err != nil {
		return reply{}, err
	}
	return show(&page{title: "Log and checkpoint", section: "/audit", view: logShowView{Note: strings.TrimSpace(string(note)), Keys: keys}}), nil
}

func (s *Site) logCheckpoint(rq *request) (reply, error) {
	note, err := s.App.Checkpoint(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	return reply{write: func(w http.ResponseWriter) error {
		attachment(w.Header(), "checkpoint.txt", "text/plain; charset=utf-8")
		_, err := w.Write(note)
		return err
	}}, nil
}
