package sample

import "strings"

// part is one package in a product: a public one, with a version that exists, or
// the invented one of which the story is told.
type part struct{ name, version, licence string }

// reader is an invented package, so that the advisory about it accuses nobody.
const reader = "sample-form-reader"

func parts(lines string) []part {
	var out []part
	for line := range strings.Lines(strings.TrimSpace(lines)) {
		f := strings.Fields(line)
		out = append(out, part{f[0], f[1], f[2]})
	}
	return out
}

// with returns the parts with one added, or at another version.
func with(list []part, p part) []part {
	var out []part
	for _, have := range list {
		if have.name != p.name {
			out = append(out, have)
		}
	}
	return append(out, p)
}

func npmParts() []part {
	return parts(`
accepts 1.3.8 MIT
body-parser 1.20.3 MIT
bytes 3.1.2 MIT
content-type 1.0.5 MIT
cookie 0.7.1 MIT
cors 2.8.5 MIT
dayjs 1.11.13 MIT
debug 4.4.0 MIT
depd 2.0.0 MIT
encodeurl 2.0.0 MIT
etag 1.8.1 MIT
express 4.21.2 MIT
finalhandler 1.3.1 MIT
fresh 0.5.2 MIT
helmet 8.0.0 MIT
http-errors 2.0.0 MIT
iconv-lite 0.4.24 MIT
inherits 2.0.4 ISC
ipaddr.js 1.9.1 MIT
ms 2.1.3 MIT
pino 9.5.0 MIT
qs 6.13.0 BSD-3-Clause
react 18.3.1 MIT
react-dom 18.3.1 MIT
safe-buffer 5.2.1 MIT
scheduler 0.23.2 MIT
statuses 2.0.1 MIT
type-is 1.6.18 MIT
vary 1.1.2 MIT
zod 3.23.8 MIT`)
}

func pypiParts() []part {
	return parts(`
asgiref 3.8.1 BSD-3-Clause
celery 5.4.0 BSD-3-Clause
certifi 2024.8.30 MPL-2.0
charset-normalizer 3.4.0 MIT
django 5.1.4 BSD-3-Clause
gunicorn 23.0.0 MIT
idna 3.10 BSD-3-Clause
jinja2 3.1.4 BSD-3-Clause
markupsafe 3.0.2 BSD-3-Clause
psycopg 3.2.3 LGPL-3.0-only
pydantic 2.10.2 MIT
redis 5.2.0 MIT
sqlalchemy 2.0.36 MIT
sqlparse 0.5.2 BSD-3-Clause
urllib3 2.2.3 MIT
whitenoise 6.8.2 MIT`)
}

func mavenParts() []part {
	return parts(`
com.fasterxml.jackson.core/jackson-annotations 2.18.2 Apache-2.0
com.fasterxml.jackson.core/jackson-core 2.18.2 Apache-2.0
com.fasterxml.jackson.core/jackson-databind 2.18.2 Apache-2.0
com.zaxxer/HikariCP 6.2.1 Apache-2.0
jakarta.persistence/jakarta.persistence-api 3.2.0 EPL-2.0
org.apache.commons/commons-lang3 3.17.0 Apache-2.0
org.hibernate.orm/hibernate-core 6.6.3.Final Apache-2.0
org.postgresql/postgresql 42.7.4 BSD-2-Clause
org.slf4j/slf4j-api 2.0.16 MIT
org.springframework/spring-beans 6.2.0 Apache-2.0
org.springframework/spring-context 6.2.0 Apache-2.0
org.springframework/spring-core 6.2.0 Apache-2.0
org.springframework/spring-web 6.2.0 Apache-2.0`)
}
