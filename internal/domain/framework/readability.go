package framework

import "strings"

// QuestionGrade is the Flesch-Kincaid grade above which a question draws a
// warning. Grade 8 is a reading age of about 13. The aim is 12, but a formula
// that counts syllables is hard on words that a reader of these questions knows
// well ("authorisation", "vulnerability"), so it advises and never refuses.
const QuestionGrade = 8

// Grade returns the Flesch-Kincaid grade of an English text: 0.39 times words
// per sentence, plus 11.8 times syllables per word, less 15.59. Syllables are
// counted as runs of vowels, less a silent final e. An empty text has grade 0.
func Grade(text string) float64 {
	words := strings.FieldsFunc(text, func(r rune) bool { return !isLetter(r) && r != '\'' && r != '’' })
	if len(words) == 0 {
		return 0
	}
	sentences, syllables := 0, 0
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == '.' || r == '?' || r == '!' }) {
		if strings.ContainsFunc(part, isLetter) {
			sentences++
		}
	}
	for _, w := range words {
		syllables += syllablesIn(w)
	}
	n := float64(len(words))
	return 0.39*n/float64(max(sentences, 1)) + 11.8*float64(syllables)/n - 15.59
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

func syllablesIn(word string) int {
	w := strings.ToLower(word)
	n, inVowel := 0, false
	for _, r := range w {
		v := strings.ContainsRune("aeiouy", r)
		if v && !inVowel {
			n++
		}
		inVowel = v
	}
	if n > 1 && strings.HasSuffix(w, "e") && !strings.HasSuffix(w, "le") {
		n--
	}
	return max(n, 1)
}
