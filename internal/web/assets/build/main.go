// Command build makes the browser assets that the binary embeds, from the
// pinned npm packages in node_modules and from our own sources:
//
//	go run ./internal/web/assets/build
//
// It writes app.css (govuk-frontend without the restricted font and crest,
// followed by our own rules), the scripts, the icon and the notices of the
// licences, each text also compressed. The same input gives the same bytes. It
// is not a bundler: nothing is transpiled or minified here.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	root := flag.String("root", ".", "folder of the repository")
	flag.Parse()
	if err := build(*root); err != nil {
		fmt.Fprintln(os.Stderr, "assets:", err)
		os.Exit(1)
	}
}

// build writes the assets of the repository at root. It writes nothing when
// any of them cannot be made.
func build(root string) error {
	files, err := collect(filepath.Join(root, "node_modules"), filepath.Join(root, "internal/web/assets/src"))
	if err != nil {
		return err
	}
	return write(filepath.Join(root, "internal/web/assets/dist"), files)
}

// source says where an asset comes from and what is done to it on the way.
type source struct {
	name, path string
	own        bool
	change     func([]byte) ([]byte, error)
}

func sources() []source {
	return []source{
		{name: "govuk.css", path: "govuk-frontend/dist/govuk/govuk-frontend.min.css", change: withoutRestricted},
		{name: "govuk-frontend.min.js", path: "govuk-frontend/dist/govuk/govuk-frontend.min.js", change: withoutSourceMap},
		{name: "htmx.min.js", path: "htmx.org/dist/htmx.min.js", change: withoutSourceMap},
		{name: "htmx-licence.txt", path: "htmx.org/LICENSE"},
		{name: "app.css", path: "app.css", own: true},
		{name: "app.js", path: "app.js", own: true},
		{name: "icon.svg", path: "icon.svg", own: true},
		{name: "govuk-frontend-licence.txt", path: "govuk-frontend-licence.txt", own: true},
	}
}

func collect(modules, own string) (map[string][]byte, error) {
	files := map[string][]byte{}
	var problems []error
	for _, s := range sources() {
		folder := modules
		if s.own {
			folder = own
		}
		content, err := os.ReadFile(filepath.Join(folder, s.path))
		if err == nil && s.change != nil {
			content, err = s.change(content)
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("making %s: %w", s.name, err))
		}
		files[s.name] = content
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("%w\nrun `make assets`, which installs the npm packages first", errors.Join(problems...))
	}
	files["app.css"] = append(append(files["govuk.css"], '\n'), files["app.css"]...)
	delete(files, "govuk.css")
	files["notices.txt"] = notices(files)
	delete(files, "govuk-frontend-licence.txt")
	delete(files, "htmx-licence.txt")
	return files, nil
}

func notices(files map[string][]byte) []byte {
	text := "This service includes the following software.\n\ngovuk-frontend 6.6.0, without its font and images\n\n"
	text += string(files["govuk-frontend-licence.txt"])
	text += "\n\nhtmx 4.0.1\n\n" + string(files["htmx-licence.txt"])
	return []byte(text)
}

// write replaces the assets in the folder; what an older build left is removed.
func write(folder string, files map[string][]byte) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("making the folder of the assets: %w", err)
	}
	if err := clear(folder); err != nil {
		return err
	}
	for name, content := range files {
		compressed, err := gzipped(content)
		if err != nil {
			return fmt.Errorf("compressing %s: %w", name, err)
		}
		for path, bytes := range map[string][]byte{name: content, name + ".gz": compressed} {
			if err := os.WriteFile(filepath.Join(folder, path), bytes, 0o644); err != nil {
				return fmt.Errorf("writing %s: %w", path, err)
			}
		}
	}
	return nil
}

func clear(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("reading the folder of the assets: %w", err)
	}
	for _, entry := range entries {
		if entry.Name() == ".placeholder" {
			continue
		}
		if err := os.Remove(filepath.Join(folder, entry.Name())); err != nil {
			return fmt.Errorf("removing an older asset: %w", err)
		}
	}
	return nil
}
