package outbound

import (
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

func TestOnlyPublicAddressesAreCalled(t *testing.T) {
	for text, public := range map[string]bool{
		"8.8.8.8": true, "1.1.1.1": true, "2606:4700::1111": true, "2a00:1450::1": true, "172.32.0.1": true, "100.128.0.1": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "172.31.255.255": false, "192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false,
		"0.0.0.0": false, "255.255.255.255": false, "224.0.0.1": false, "198.18.0.1": false, "192.0.2.1": false,
		"::": false, "::1": false, "fe80::1": false, "fc00::1": false, "fd12::1": false, "ff02::1": false, "::ffff:127.0.0.1": false, "::ffff:8.8.8.8": true,
		"64:ff9b::7f00:1": false, "2002:7f00:1::": false, "2001::1": false, "2001:db8::1": false, "fec0::1": false,
	} {
		if got := Public(netip.MustParseAddr(text)); got != public {
			t.Errorf("%s: public is %v", text, got)
		}
	}
	if Public(netip.Addr{}) {
		t.Error("no address is public")
	}
}

func TestANamedNetworkIsAllowedAndNoOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := [4]byte(rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "address"))
		a := netip.AddrFrom4(b)
		p := Policy{Networks: []netip.Prefix{netip.MustParsePrefix("10.20.0.0/16")}}
		if want := Public(a) || b[0] == 10 && b[1] == 20; p.allows(a) != want {
			t.Fatalf("%s: %v", a, p.allows(a))
		}
	})
}

func TestListsOfNetworksAreRead(t *testing.T) {
	got, err := ParseNetworks(" 10.0.0.0/8, 192.168.1.5 ,fd00::/8,")
	if err != nil || len(got) != 3 || got[1].String() != "192.168.1.5/32" {
		t.Errorf("got %v, %v", got, err)
	}
	for _, bad := range []string{"10.0.0.1/8", "here", "0.0.0.0/0", "::/0", "10.0.0.0/33"} {
		if _, err := ParseNetworks(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// onLoopback is a client that may call the server of the test and nothing else.
func onLoopback(s *httptest.Server, p Policy) *http.Client {
	p.Roots = x509.NewCertPool()
	p.Roots.AddCert(s.Certificate())
	p.Networks = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	return Client(p)
}

func TestAPrivateAddressIsRefusedWhereItIsDialled(t *testing.T) {
	called := false
	s := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	defer s.Close()
	_, err := Client(Policy{}).Get(s.URL)
	var public *fault.Error
	if !errors.As(err, &public) || !strings.Contains(err.Error(), "127.0.0.1") || called {
		t.Errorf("error %v, called %v", err, called)
	}
	// The name is looked up, and the address found is judged.
	if _, err := Client(Policy{}).Get(strings.Replace(s.URL, "127.0.0.1", "localhost", 1)); err == nil || called {
		t.Errorf("a name for loopback: %v", err)
	}
	resp, err := onLoopback(s, Policy{}).Get(s.URL)
	if err != nil || !called {
		t.Fatalf("the named network: %v, called %v", err, called)
	}
	resp.Body.Close()
}

func TestARedirectIsJudgedLikeTheFirstAddress(t *testing.T) {
	var to string
	hops := 0
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hops++
		http.Redirect(w, r, to, http.StatusFound)
	}))
	defer s.Close()
	client := onLoopback(s, Policy{Timeout: 5 * time.Second})
	for _, target := range []string{"http://127.0.0.1/", "https://127.0.0.2:1/", "https://user:word@127.0.0.1/", "https://[::1]:1/"} {
		to = target
		if _, err := client.Get(s.URL); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("redirect to %s: %v", target, err)
		}
	}
	hops, to = 0, s.URL
	if _, err := client.Get(s.URL); fault.KindOf(err) != fault.Unavailable || hops > maxRedirects+1 {
		t.Errorf("a circle: %v after %d", err, hops)
	}
}

func TestAnAnswerThatIsTooLongNeverLooksWhole(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, strings.Repeat("x", 101)) //nolint:errcheck // the test reads it
	}))
	defer s.Close()
	for max, whole := range map[int64]bool{101: true, 100: false, 1: false} {
		resp, err := onLoopback(s, Policy{MaxBody: max}).Get(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if (err == nil) != whole || int64(len(b)) != min(max, 101) || !whole && !fault.Is(err, fault.TooLarge) {
			t.Errorf("limit %d: %d bytes, %v", max, len(b), err)
		}
	}
}

func TestASlowServerIsLeft(t *testing.T) {
	release := make(chan struct{})
	s := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer s.Close()
	defer close(release)
	if _, err := onLoopback(s, Policy{Timeout: 50 * time.Millisecond}).Get(s.URL); err == nil {
		t.Error("it waited without end")
	}
}

func TestNothingGoesOutWithoutTLS(t *testing.T) {
	if _, err := Client(Policy{}).Get("http://192.0.2.1/"); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("got %v", err)
	}
}
