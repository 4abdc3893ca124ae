package org.consentgateway.speech.words;

import java.util.List;
import java.util.Set;
import org.consentgateway.speech.SpokenMeaning;

/**
 * Confined to one reading of an utterance. What its negations undo: a phrase that they stand next
 * to, and nothing that is said elsewhere.
 */
final class Negations {
    /** How far a negation reaches: "damit bin ich nicht so ganz einverstanden". */
    private static final int REACH = 3;

    /** "Ich widerrufe das nicht", but not "ich widerrufe und möchte nicht, dass …". */
    private static final int FILLERS_BEHIND = 1;

    /** Before an infinitive, whose negation may stand with another word: "nicht vor zu". */
    private static final Set<String> BEFORE_INFINITIVES = Set.of("zu", "to", "de");

    /** Negated, they ask for what follows, or say that nothing else is left: "don't forget to". */
    private static final Set<String> NOT_NEGATING =
            Set.of(
                    "als",
                    "dagegen",
                    "vergessen",
                    "vergiss",
                    "zögere",
                    "zögern",
                    "than",
                    "fail",
                    "forget",
                    "hesitate",
                    "mind",
                    "que",
                    "n'hésitez",
                    "n'oublie",
                    "n'oubliez");

    private final Lexicon lexicon;
    private final List<Lexicon.Span> spans;

    Negations(Lexicon lexicon, List<Lexicon.Span> spans) {
        this.lexicon = lexicon;
        this.spans = spans;
    }

    /**
     * "Damit bin ich nicht einverstanden", "not okay": a negation up to {@link #REACH} fillers
     * before a yes makes it a no. Any other negation stays and spoils the yes.
     */
    static void turnYesToNo(List<Lexicon.Span> spans) {
        for (int i = 0; i < spans.size(); i++) {
            if (spans.get(i).role() != Lexicon.Role.NEGATION) {
                continue;
            }
            for (int j = i + 1; j < spans.size() && j <= i + REACH; j++) {
                Lexicon.Span next = spans.get(j);
                if (next.role() == Lexicon.Role.FILLER) {
                    continue;
                }
                if (next.role() == Lexicon.Role.PHRASE && next.meaning() == SpokenMeaning.AGREE) {
                    String entry = spans.get(i).entry() + " " + next.entry();
                    spans.set(j, next.as(Lexicon.Role.PHRASE, SpokenMeaning.REFUSE, entry));
                    spans.set(i, spans.get(i).as(Lexicon.Role.FILLER, null, ""));
                }
                break;
            }
        }
    }

    /**
     * "Doch nicht", "please don't": where nothing but fillers stands beside it, a negation is a no.
     */
    static void refuseAlone(List<Lexicon.Span> spans, Set<String> refusing) {
        boolean alone =
                spans.stream()
                        .allMatch(span ->
                                span.role() == Lexicon.Role.FILLER
                                        || refusing.contains(span.entry()));
        for (int i = 0; alone && i < spans.size(); i++) {
            Lexicon.Span span = spans.get(i);
            if (span.role() == Lexicon.Role.NEGATION) {
                spans.set(i, span.as(Lexicon.Role.PHRASE, SpokenMeaning.REFUSE, span.entry()));
            }
        }
    }

    /** Whether every phrase of this meaning has a negation next to it, in its own clause. */
    boolean undo(SpokenMeaning meaning) {
        for (int at = 0; at < spans.size(); at++) {
            if (spans.get(at).meaning() == meaning && !isBefore(at) && !isBehind(at)) {
                return false;
            }
        }
        return true;
    }

    /**
     * "Nicht widerrufen", "ich will nicht widerrufen"; a phrase with a subject or a negation of its
     * own ("ich widerrufe", "keine Aufnahme") begins anew.
     */
    private boolean isBefore(int phrase) {
        Lexicon.Span said = spans.get(phrase);
        Lexicon.Role first = lexicon.role(said.entry().split(" ", 2)[0]);
        if (phrase == 0 || first == Lexicon.Role.FILLER || first == Lexicon.Role.NEGATION) {
            return false;
        }
        Lexicon.Span next = spans.get(phrase - 1);
        return (next.clause() == said.clause() && isUnwilling(next))
                || isNegated(phrase, isOfAnotherWord(phrase));
    }

    /** Whether it is the infinitive of a word before it, and is negated where that is. */
    private boolean isOfAnotherWord(int phrase) {
        int clause = spans.get(phrase).clause();
        return BEFORE_INFINITIVES.contains(spans.get(phrase - 1).entry())
                && spans.stream()
                        .filter(span -> span.clause() == clause)
                        .noneMatch(span -> NOT_NEGATING.contains(span.entry()));
    }

    private boolean isNegated(int phrase, boolean infinitive) {
        int clause = spans.get(phrase).clause();
        for (int at = phrase - 1; at >= Math.max(0, phrase - REACH); at--) {
            Lexicon.Span before = spans.get(at);
            boolean over =
                    before.role() == Lexicon.Role.FILLER
                            || (infinitive && before.role() == Lexicon.Role.STRANGE);
            if (before.clause() != clause || !over) {
                return before.clause() == clause && before.role() == Lexicon.Role.NEGATION;
            }
        }
        return false;
    }

    /**
     * "Ich will nicht", "I don't want to": a no with a subject that goes on in what follows. "Nein"
     * and "I don't agree" are whole, and what follows them is said by itself.
     */
    private boolean isUnwilling(Lexicon.Span before) {
        List<String> words = List.of(before.entry().split(" "));
        return before.meaning() == SpokenMeaning.REFUSE
                && lexicon.role(words.getFirst()) == Lexicon.Role.FILLER
                && words.stream().anyMatch(this::negates)
                && (negates(words.getLast()) || words.getLast().equals("to"));
    }

    private boolean negates(String word) {
        return lexicon.role(word) == Lexicon.Role.NEGATION;
    }

    /** "Ich widerrufe nicht", "ich widerrufe die Einwilligung nicht". */
    private boolean isBehind(int phrase) {
        Lexicon.Span said = spans.get(phrase);
        int between = 0;
        for (int at = phrase + 1; isIn(said.clause(), at); at++) {
            Lexicon.Span next = spans.get(at);
            if (next.role() == Lexicon.Role.NEGATION) {
                return nothingElseFollows(at, said);
            }
            between += isPassedOver(next) ? 1 : 0;
            if (between > FILLERS_BEHIND || !(isPassedOver(next) || isOf(said, next))) {
                return false;
            }
        }
        return false;
    }

    /**
     * Else it negates that: "ich widerrufe keine Anrufe mehr", as it is heard, without a comma. A
     * hedge ("aber", "sondern") begins a clause.
     */
    private boolean nothingElseFollows(int negation, Lexicon.Span said) {
        for (int at = negation + 1; isIn(said.clause(), at); at++) {
            Lexicon.Span next = spans.get(at);
            if (next.role() == Lexicon.Role.HEDGE) {
                return true;
            }
            if (next.role() != Lexicon.Role.NEGATION && !isPassedOver(next) && !isOf(said, next)) {
                return false;
            }
        }
        return true;
    }

    private boolean isIn(int clause, int at) {
        return at < spans.size() && spans.get(at).clause() == clause;
    }

    private static boolean isPassedOver(Lexicon.Span span) {
        return span.role() == Lexicon.Role.FILLER || span.role() == Lexicon.Role.HEDGE;
    }

    /** "Einwilligung" stands in phrases of what was said, and belongs to it. */
    private boolean isOf(Lexicon.Span said, Lexicon.Span next) {
        return next.role() == Lexicon.Role.STRANGE
                && said.meaning() != null
                && lexicon.isAWordOf(said.meaning(), next.entry());
    }
}
