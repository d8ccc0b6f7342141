package cli

import (
	"fmt"
	"sort"
	"strings"

	"github.com/alecthomas/kong"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Run prints a script that offers commands and flags; it is made from the
// grammar, so it cannot fall behind.
func (c *completionCmd) Run(p *Program, k *kong.Kong) error {
	words := map[string][]string{}
	collect(k.Model.Node, "", words)
	paths := make([]string, 0, len(words))
	for path := range words {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	switch c.Shell {
	case "fish":
		for _, path := range paths {
			for _, w := range words[path] {
				fmt.Fprintf(p.Stdout, "complete -c touchstone -n %q -a %q\n", fishCondition(path), w)
			}
		}
	default:
		if c.Shell == "zsh" {
			fmt.Fprintln(p.Stdout, "autoload -U +X bashcompinit && bashcompinit")
		}
		fmt.Fprintln(p.Stdout, "_touchstone() {\n  local path=\"\" w\n  COMPREPLY=()\n  for w in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do case \"$path $w\" in")
		// Only names of commands lead further: the value of a flag does not.
		for _, path := range paths {
			if path != "" {
				fmt.Fprintf(p.Stdout, "    %q) path=\"$path $w\" ;;\n", " "+path)
			}
		}
		fmt.Fprintln(p.Stdout, "  esac; done\n  case \"$path\" in")
		for _, path := range paths {
			pattern := ""
			if path != "" {
				pattern = " " + path
			}
			fmt.Fprintf(p.Stdout, "    %q) COMPREPLY=($(compgen -W %q -- \"${COMP_WORDS[COMP_CWORD]}\")) ;;\n", pattern, strings.Join(words[path], " "))
		}
		fmt.Fprintln(p.Stdout, "  esac\n}\ncomplete -o default -F _touchstone touchstone")
	}
	return nil
}

func fishCondition(path string) string {
	if path == "" {
		return "__fish_use_subcommand"
	}
	return "__fish_seen_subcommand_from " + path
}

func collect(n *kong.Node, path string, into map[string][]string) {
	for _, child := range n.Children {
		into[path] = append(into[path], child.Name)
		collect(child, strings.TrimSpace(path+" "+child.Name), into)
	}
	for _, f := range n.Flags {
		into[path] = append(into[path], "--"+f.Name)
	}
}
