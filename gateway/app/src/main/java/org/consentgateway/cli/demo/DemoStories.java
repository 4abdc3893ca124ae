package org.consentgateway.cli.demo;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.consentgateway.cli.demo.DemoScript.Habits;

/**
 * Immutable. Calls worth hearing, each with what has to come of it: the rows of the timing table.
 */
enum DemoStories {
    YES("yes at once, one question", "demo-nobody", "1", Habits.USUAL, "assistant record:Given"),
    TWICE("yes at once, two questions", "demo", "1 1", Habits.USUAL, "assistant record:Given"),
    LISTENS("listens to all, two questions", "demo", "1 1", Habits.patiently(), "assistant"),
    NO("no at once", "demo", "2", Habits.USUAL, "human record:Refused"),
    NO_IN_OPENING("no in the opening", "demo", "", Habits.pressing("2"), "human record:Refused"),
    SILENT("says nothing", "demo", "", Habits.USUAL, "human record:Unanswered"),
    ENGLISH("English by star", "demo", "1 2", Habits.pressing("*"), "assistant record:Given"),
    REMEMBERED("agrees for a year", "demo-remember", "1 1", Habits.USUAL, "assistant"),
    KNOWN("calls again", "demo-remember", "1", Habits.USUAL, "assistant record:Reaffirmed"),
    WITHDRAWS(
            "withdraws in the talk",
            "demo",
            "1 2",
            Habits.leaving(null, 3),
            "assistant withdrawn human"),
    INFORMATION("asks for the information", "demo", "4 1", Habits.USUAL, "information assistant"),
    RATES(
            "says how it was",
            "demo-menu",
            "1 1 1",
            Habits.outlasting(),
            "assistant satisfaction helped thanks"),
    TEXT("reads and types, without sound", "demo", "ja", Habits.USUAL, "assistant record:Given"),
    COMPLAINS(
            "complains",
            "demo-menu",
            "1 7 1",
            Habits.outlasting(),
            "assistant complaint complaint-noted record:TaskOpened"),
    CALL_BACK(
            "reaches nobody, and is called back",
            "demo-nobody",
            "2 1",
            Habits.USUAL,
            "call-back call-back-noted record:TaskOpened"),
    CALL_BACK_ELSEWHERE(
            "reaches nobody, and leaves another number",
            "demo-nobody",
            "2 2 03012345678# 1",
            Habits.USUAL,
            "call-back-heard call-back-noted record:TaskOpened");

    final String description;
    private final String line;
    private final String keys;

    @SuppressWarnings("ImmutableEnumChecker") // a record of texts and truths
    private final Habits habits;

    private final String expected;

    DemoStories(String description, String line, String keys, Habits habits, String expected) {
        this.description = description;
        this.line = line;
        this.keys = keys;
        this.habits = habits;
        this.expected = expected;
    }

    /** As it is called on the command line. */
    String word() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    static Optional<DemoStories> of(String word) {
        return Stream.of(values()).filter(story -> story.word().equals(word)).findFirst();
    }

    /**
     * @param gateway host and port of its SIP
     */
    DemoScript script(String gateway) {
        List<DemoScript.Answer> answers =
                Stream.of(keys.split(" ", -1))
                        .filter(each -> !each.isEmpty())
                        .<DemoScript.Answer>map(
                                this == TEXT ? DemoScript.WrittenWords::new : DemoScript.Keys::new)
                        .toList();
        return new DemoScript(
                "sip:" + line + "@" + gateway,
                this == TEXT,
                answers,
                habits,
                List.of(expected.split(" ", -1)));
    }
}
