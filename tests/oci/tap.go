// SPDX-License-Identifier: MIT

// Package tap has what the validation suite calls of github.com/mndrix/tap-go,
// which Debian has not: it prints results in the Test Anything Protocol.
package tap

import (
	"encoding/json"
	"fmt"
	"strings"
)

// T counts the results of one program.
type T struct {
	count *int
	todo  bool
}

// New starts a program's results.
func New() *T {
	return &T{count: new(int)}
}

// Todo returns the same T for a result that may be bad.
func (t *T) Todo() *T {
	return &T{count: t.count, todo: true}
}

// Header prints the version line, and the plan if it is known already.
func (t *T) Header(plan int) {
	fmt.Println("TAP version 13")
	if plan > 0 {
		fmt.Printf("1..%d\n", plan)
	}
}

func (t *T) result(word, text string) {
	*t.count++
	if t.todo {
		text += " # TODO"
	}
	fmt.Printf("%s %d%s\n", word, *t.count, text)
}

// Ok prints one result.
func (t *T) Ok(good bool, what string) {
	if good {
		t.Pass(what)
	} else {
		t.Fail(what)
	}
}

// Pass prints one good result.
func (t *T) Pass(what string) {
	t.result("ok", " - "+what)
}

// Fail prints one bad result.
func (t *T) Fail(what string) {
	t.result("not ok", " - "+what)
}

// Skip prints as many skipped results.
func (t *T) Skip(count int, why string) {
	for i := 0; i < count; i++ {
		t.result("ok", " # SKIP "+why)
	}
}

// AutoPlan prints a plan of what was printed.
func (t *T) AutoPlan() {
	fmt.Printf("1..%d\n", *t.count)
}

// Diagnostic prints a comment, which may have several lines.
func (t *T) Diagnostic(text string) {
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		fmt.Println("#", line)
	}
}

// Diagnosticf prints a formatted comment.
func (t *T) Diagnosticf(format string, values ...interface{}) {
	t.Diagnostic(fmt.Sprintf(format, values...))
}

// YAML prints a block of data behind a result; JSON is YAML.
func (t *T) YAML(data interface{}) error {
	text, err := json.MarshalIndent(data, "  ", "  ")
	if err == nil {
		fmt.Printf("  ---\n  %s\n  ...\n", text)
	}
	return err
}
