package org.consentgateway.statistics;

import java.util.function.Function;
import java.util.function.Predicate;

/** Immutable. One rate of the report: what it is of whom, and where it is counted. */
enum Rate {
    CONSENT(
            "Consent",
            "agreed",
            "new callers who were asked",
            Source.LOG,
            sums -> share(sums, Rate::agreed, Rate::isAsked)),
    CONSENT_OF_ANSWERED(
            "Consent, of all answered calls",
            "agreed",
            "answered calls of new callers, also those not asked",
            Source.LOG,
            sums -> share(sums, Rate::agreed, value -> value.startsWith(Rate.NEW))),
    REFUSED(
            "Refusal",
            "said no, or asked for a human",
            "new callers who were asked",
            Source.LOG,
            sums -> share(sums, Rate.NEW.concat("refused")::equals, Rate::isAsked)),
    NO_ANSWER(
            "No answer",
            "gave no answer that was understood, or left during the question",
            "new callers who were asked",
            Source.LOG,
            sums ->
                    share(
                            sums,
                            value -> value.startsWith(Rate.NEW + "unanswered/"),
                            Rate::isAsked)),
    KNOWN_AGAIN(
            "Known callers agreed again",
            "agreed again, or were served on the basis of an earlier consent",
            "callers with a remembered consent",
            Source.LOG,
            sums ->
                    share(
                            sums,
                            value ->
                                    value.equals("known/again")
                                            || value.equals("known/renewed")
                                            || value.equals("known/used"),
                            value ->
                                    value.startsWith("known/")
                                            && !value.startsWith("known/unasked/"))),
    LEFT_RINGING(
            "Left while it rang",
            "hung up before the gateway answered",
            "calls",
            Source.CALLS,
            sums -> share(sums, Figure.CALL, "never-answered"::equals, _ -> true)),
    LEFT_OPENING(
            "Left during the opening",
            "hung up before the question",
            "answered calls",
            Source.LOG,
            sums -> share(sums, value -> value.endsWith("/HANGUP_DURING_OPENING"), _ -> true)),
    LEFT_QUESTION(
            "Left during the question",
            "hung up instead of answering",
            "callers who were asked",
            Source.LOG,
            sums ->
                    share(
                            sums,
                            value -> value.endsWith("/HANGUP_DURING_QUESTION"),
                            value -> !value.contains("/unasked/"))),
    LEFT_BEFORE_ASSISTANT(
            "Left before the assistant answered",
            "hung up after agreeing",
            "callers for whom the assistant was dialled",
            Source.CALLS,
            sums ->
                    share(
                            sums,
                            Figure.CALL,
                            "left-before-assistant"::equals,
                            value ->
                                    value.equals("left-before-assistant")
                                            || value.equals("assisted")
                                            || value.startsWith("assistant-unreachable/"))),
    LEFT_BEFORE_HUMAN(
            "Left on the way to a human",
            "hung up before a human answered",
            "callers who were to be served by a human",
            Source.CALLS,
            sums ->
                    share(
                            sums,
                            Figure.CALL,
                            value -> value.endsWith("/hung-up"),
                            value -> value.contains("/") && !value.endsWith("/left"))),
    SERVED(
            "Had somebody to talk to",
            "were joined with the assistant or a human",
            "calls",
            Source.CALLS,
            sums -> capped(sums.sum(Figure.JOINED), sums.sum(Figure.CALL))),
    SERVED_SOON(
            "Had somebody to talk to within 20 seconds",
            "were joined within 20 seconds of the answer",
            "callers who were joined with somebody",
            Source.CALLS,
            sums -> share(sums, Figure.JOINED, value -> Seconds.of(value) <= Rate.SOON, _ -> true)),
    REPEATED(
            "Needed a repeat",
            "heard a question again",
            "callers who answered, or were silent to the end",
            Source.LOG,
            sums -> share(sums, Figure.REPEATS, value -> !value.equals("0"), _ -> true)),
    WITHDRAWN(
            "Withdrawn",
            "have been withdrawn since",
            "consents given in the month",
            Source.LOG,
            sums -> capped(sums.sum(Figure.CONSENT_WITHDRAWN), sums.sum(Figure.CONSENT))),
    COMPLAINTS(
            "Complaints",
            "left a complaint",
            "answered calls",
            Source.LOG,
            sums -> capped(sums.sum(Figure.TASK, "COMPLAINT"::equals), sums.sum(Figure.DECISION))),
    CLEAR(
            "Found it clear (1 or 2 of 5; 1 is very clear)",
            "gave 1 or 2, where 1 is very clear",
            "callers who answered that question",
            Source.CALLS,
            sums ->
                    share(
                            sums,
                            Figure.CLARITY,
                            value -> value.equals("1") || value.equals("2"),
                            _ -> true)),
    HELPED(
            "Were helped, by their own word",
            "said yes",
            "callers who answered that question",
            Source.CALLS,
            sums -> share(sums, Figure.HELPED, "true"::equals, _ -> true));

    /** Where a figure is counted. */
    enum Source {
        /** Entries of the log: what was decided, told by the proof of it. */
        LOG,
        /** Calls, as they end: what no record says. */
        CALLS
    }

    private static final String NEW = "new/";
    private static final int SOON = 20;

    private final String title;
    private final String who;
    private final String ofWhom;
    private final Source source;

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final Function<Sums, Share> share;

    Rate(String title, String who, String ofWhom, Source source, Function<Sums, Share> share) {
        this.title = title;
        this.who = who;
        this.ofWhom = ofWhom;
        this.source = source;
        this.share = share;
    }

    String title() {
        return title;
    }

    /** What the numerator counts. */
    String who() {
        return who;
    }

    /** What the denominator counts. */
    String ofWhom() {
        return ofWhom;
    }

    Source source() {
        return source;
    }

    Share of(Sums sums) {
        return share.apply(sums);
    }

    private static boolean agreed(String value) {
        return value.equals("new/given")
                || value.equals("new/renewed")
                || value.equals("new/again");
    }

    private static boolean isAsked(String value) {
        return value.startsWith(NEW) && !value.startsWith("new/unasked/");
    }

    private static Share share(Sums sums, Predicate<String> number, Predicate<String> of) {
        return share(sums, Figure.DECISION, number, of);
    }

    private static Share share(
            Sums sums, Figure figure, Predicate<String> number, Predicate<String> of) {
        return new Share(sums.sum(figure, number.and(of)), sums.sum(figure, of));
    }

    /** Of two counts that are made apart, where a month's first minutes may lack in one. */
    private static Share capped(long number, long of) {
        return new Share(Math.min(number, of), of);
    }
}
