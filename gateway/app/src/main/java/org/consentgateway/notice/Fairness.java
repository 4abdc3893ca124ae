package org.consentgateway.notice;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.RequiredParts;
import org.consentgateway.speech.words.Readability;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one load. Refusing takes no more than agreeing (EDPB guidelines 05/2020): yes and no
 * are offered side by side, in as many words, by the same ways, and nothing pushes to one of them.
 */
final class Fairness {
    private static final String RIGHT = "Ja oder Nein? Or: 1 heißt Ja. 2 heißt Nein.";
    private static final String YES_KEY = "1";
    private static final String NO_KEY = "2";

    private static final Pattern MARKS = Pattern.compile("[.,;:?!]");
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private final NoticeDraft draft;
    private final Common.Answers words;
    private final NoticeFindings findings;

    Fairness(NoticeDraft draft, NoticeFindings findings) {
        this.draft = draft;
        this.words = draft.common().answers();
        this.findings = findings;
    }

    /** A piece of a text up to the next mark, and what it offers. */
    private record Clause(String text, boolean yes, boolean no, int weight) {}

    void check() {
        for (String purpose : draft.scope().purposes()) {
            series(purpose, Parts.QUESTION, Parts.REPEAT_1, Parts.REPEAT_2);
            series(purpose, Parts.QUESTION_KEYS, Parts.REPEAT_1_KEYS, Parts.REPEAT_2_KEYS);
        }
        for (String level : draft.scope().remembered()) {
            series(level, Parts.KNOWN, Parts.KNOWN_REPEAT);
            yesAndNo(Parts.of(Parts.KNOWN_KEYS, level), true);
        }
        series("", Parts.REMEMBER, Parts.REMEMBER_REPEAT);
        yesAndNo(Parts.REMEMBER_KEYS, true);
        saidYes();
        shorter("", Parts.MENU, Parts.MENU_REPEAT_1, Parts.MENU_REPEAT_2);
        RequiredParts.MENU.forEach(this::menu);
    }

    private void series(String about, String... patterns) {
        boolean keys = patterns[0].equals(Parts.QUESTION_KEYS);
        for (int i = 0; i < patterns.length; i++) {
            yesAndNo(Parts.of(patterns[i], about), keys || i > 0);
        }
        shorter(about, patterns);
    }

    /**
     * @param keys whether the keys have to be named: where only they are heard, and in repeats
     */
    private void yesAndNo(String part, boolean keys) {
        NoticeText text = draft.parts().get(part);
        if (text != null) {
            yesAndNo(text, keys);
        }
    }

    /** Its first sentence tells what was heard, and offers nothing. */
    private void saidYes() {
        NoticeText text = draft.parts().get(Parts.SAID_YES);
        if (text != null) {
            String offers = text.value().replaceFirst("^[^?]*\\?", "");
            yesAndNo(new NoticeText(text.spot(), offers), false);
        }
    }

    private void yesAndNo(NoticeText text, boolean keys) {
        noPressure(text);
        List<Clause> clauses = clauses(text.value());
        long yes = clauses.stream().filter(Clause::yes).count();
        long no = clauses.stream().filter(Clause::no).count();
        if (yes == 0 || no == 0) {
            wrong(text, yes == 0 ? "offers no yes" : "offers no way to say no", null);
            return;
        }
        if (keys) {
            named(text, YES_KEY);
            named(text, NO_KEY);
        }
        pairs(text, clauses);
        sameKeys(text, clauses);
    }

    private void named(NoticeText text, String key) {
        if (!text.says(key)) {
            wrong(text, "does not name the key " + key, null);
        }
    }

    /** After each yes comes its no, before anything else is said, and in no more words. */
    private void pairs(NoticeText text, List<Clause> clauses) {
        for (int i = 0; i < clauses.size(); i++) {
            Clause clause = clauses.get(i);
            if (clause.yes) {
                int next = i + 1;
                while (next < clauses.size() && isOnlyAKey(clauses.get(next))) {
                    next++;
                }
                if (next == clauses.size() || !clauses.get(next).no) {
                    wrong(
                            text,
                            "no is harder than yes: it does not stand right beside it",
                            clause.text);
                } else if (clauses.get(next).weight != clause.weight) {
                    wrong(
                            text,
                            "no is harder than yes, or yes harder than no: %d words to say how, against %d"
                                    .formatted(clauses.get(next).weight, clause.weight),
                            clauses.get(next).text);
                }
            } else if (clause.no && (i == 0 || !offersYesBefore(clauses, i)) && isOffer(clause)) {
                wrong(
                        text,
                        "yes is harder than no: it does not stand right beside it",
                        clause.text);
            }
        }
    }

    private boolean offersYesBefore(List<Clause> clauses, int i) {
        int before = i - 1;
        while (before > 0 && isOnlyAKey(clauses.get(before))) {
            before--;
        }
        return clauses.get(before).yes;
    }

    /** "…, or press 1": goes with the word before it. */
    private boolean isOnlyAKey(Clause clause) {
        return !clause.yes
                && !clause.no
                && clause.weight == 1
                && (NoticeText.says(clause.text, YES_KEY) || NoticeText.says(clause.text, NO_KEY));
    }

    /** And not what follows from it: "If no, a person will help you." */
    private boolean isOffer(Clause clause) {
        return clause.weight == 1
                || NoticeText.says(clause.text, NO_KEY)
                || Stream.of(words.say(), words.press())
                        .flatMap(List::stream)
                        .anyMatch(verb -> NoticeText.says(clause.text, verb));
    }

    private void sameKeys(NoticeText text, List<Clause> clauses) {
        long yes = clauses.stream().filter(c -> NoticeText.says(c.text, YES_KEY)).count();
        long no = clauses.stream().filter(c -> NoticeText.says(c.text, NO_KEY)).count();
        if (yes != no) {
            wrong(
                    text,
                    "no is harder than yes: the key 1 is named %d times, the key 2 %d times"
                            .formatted(yes, no),
                    null);
        }
    }

    private void menu(String part) {
        NoticeText text = draft.parts().get(part);
        if (text == null) {
            return;
        }
        noPressure(text);
        if (!text.says("0") || !text.saysOneOf(words.refuse())) {
            findings.wrong(
                    text,
                    "the menu does not offer 0 for no",
                    "0 heißt Nein.",
                    draft.firstSentence(text.value()));
        }
    }

    private void noPressure(NoticeText text) {
        for (Readability.Sentence sentence : draft.readability(text).sentences()) {
            for (String word : words.pressure()) {
                if (NoticeText.says(sentence.text(), word)) {
                    findings.wrong(
                            text,
                            "pushes the caller with \"" + word + "\"",
                            "a question that leaves both answers open",
                            sentence.text());
                }
            }
        }
    }

    private void shorter(String about, String... patterns) {
        for (int i = 1; i < patterns.length; i++) {
            NoticeText before = draft.parts().get(Parts.of(patterns[i - 1], about));
            NoticeText after = draft.parts().get(Parts.of(patterns[i], about));
            if (before != null && after != null) {
                int was = draft.readability(before).words();
                int is = draft.readability(after).words();
                if (is >= was) {
                    findings.wrong(
                            after,
                            "a repeat must be shorter than what it repeats (%d words after %d)"
                                    .formatted(is, was),
                            "the core of the question only",
                            draft.firstSentence(after.value()));
                }
            }
        }
    }

    /** Split at marks and at "or"; a pair such as "Ja oder Nein" becomes two. */
    private List<Clause> clauses(String text) {
        List<Clause> clauses = new ArrayList<>();
        for (String piece : MARKS.split(text, -1)) {
            for (String part : splitBetween(piece)) {
                if (!part.isBlank()) {
                    clauses.add(clause(part.strip()));
                }
            }
        }
        return clauses;
    }

    /** Between a yes and a no in one piece, at the weightless word that stands there. */
    private List<String> splitBetween(String piece) {
        String[] tokens = SPACE.split(piece.strip(), -1);
        List<String> parts = new ArrayList<>();
        var part = new StringBuilder();
        for (int i = 0; i < tokens.length; i++) {
            String token = tokens[i];
            boolean between =
                    words.weightless().stream().anyMatch(token::equalsIgnoreCase)
                            && offers(part.toString())
                            && isAnother(
                                    String.join(" ", List.of(tokens).subList(i, tokens.length)));
            if (between) {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(part.isEmpty() ? "" : " ").append(token);
            }
        }
        parts.add(part.toString());
        return parts;
    }

    private boolean offers(String text) {
        return NoticeText.says(text, YES_KEY) || NoticeText.says(text, NO_KEY) || answers(text);
    }

    private boolean answers(String text) {
        return Stream.of(words.agree(), words.refuse())
                .flatMap(List::stream)
                .anyMatch(word -> NoticeText.says(text, word));
    }

    /** And not the rest of how to give the answer before it: "For a no press | the button 2". */
    private boolean isAnother(String rest) {
        return answers(rest) || isOnlyAKey(clause(rest));
    }

    /** Verbs that offer, and weightless words, do not count: "Sagen Sie Ja" weighs as "Nein". */
    private Clause clause(String text) {
        int weight = 0;
        for (String token : SPACE.split(text, -1)) {
            boolean light =
                    Stream.of(words.say(), words.press(), words.weightless())
                            .flatMap(List::stream)
                            .anyMatch(token::equalsIgnoreCase);
            weight += light ? 0 : 1;
        }
        return new Clause(
                text,
                words.agree().stream().anyMatch(word -> NoticeText.says(text, word)),
                words.refuse().stream().anyMatch(word -> NoticeText.says(text, word)),
                weight);
    }

    private void wrong(NoticeText text, String what, @Nullable String at) {
        findings.wrong(text, what, RIGHT, at == null ? draft.firstSentence(text.value()) : at);
    }
}
