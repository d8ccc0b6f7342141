package web

func (s *Site) sessionEnd(rq *request) (reply, error) {
	if _, err := s.App.EndSession(rq.Context(), rq.who, rq.id("id")); err != nil {
		return reply{}, err
	}
	return goTo("/account", "session_ended"), nil
}

func (s *Site) sessionEndOthers(rq *request) (reply, error) {
	if _, err := s.App.EndOtherSessions(rq.Context(), rq.who); err != nil {
		return reply{}, err
	}
	return goTo("/account", "sessions_ended"), nil
}
