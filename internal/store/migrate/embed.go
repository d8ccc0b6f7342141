// Package migrate holds the migrations: numbered SQL files that only ever go
// forward, written once for both engines with type macros.
package migrate

import "embed"

// Files are the migrations, NNNN_name.sql.
//
//go:embed *.sql
var Files embed.FS
