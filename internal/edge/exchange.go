package edge

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// exchange is what is known of one request. It belongs to the goroutine that
// serves it.
type exchange struct {
	meta   app.RequestMeta
	actor  access.Actor
	signed app.Signed
	log    *slog.Logger
}

type exchangeKey struct{}

func x(r *http.Request) *exchange { return of(r.Context()) }

// of gives an empty exchange when a handler runs outside Wrap, as in a test of
// its own.
func of(ctx context.Context) *exchange {
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		return x
	}
	return &exchange{log: slog.New(slog.DiscardHandler)}
}

// RequestID is the id of the request, also the number of an incident.
func RequestID(ctx context.Context) string { return of(ctx).meta.RequestID }

// Meta is what is known of a request before anybody signs in.
func Meta(ctx context.Context) app.RequestMeta { return of(ctx).meta }

// Actor is who acts; its ID is empty when nobody is signed in.
func Actor(ctx context.Context) access.Actor { return of(ctx).actor }

// Signed is what pages show about who is signed in; empty for tokens.
func Signed(ctx context.Context) app.Signed { return of(ctx).signed }

// address is the network address of the peer. Forwarding headers are not
// believed: anybody can send them.
func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

func stack() string { return string(debug.Stack()) }
