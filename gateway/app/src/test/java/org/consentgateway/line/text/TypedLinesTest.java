package org.consentgateway.line.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Times are milliseconds. */
class TypedLinesTest {
    private final List<String> lines = new ArrayList<>();
    private final List<String> typing = new ArrayList<>();
    private final List<Long> began = new ArrayList<>();
    private final List<Boolean> whole = new ArrayList<>();
    private final TypedLines typed =
            new TypedLines(
                    new TypedLines.Reader() {
                        @Override
                        public void typing(String line, long atNanos) {
                            typing.add(line);
                        }

                        @Override
                        public void line(
                                String line, long beganNanos, long atNanos, boolean ended) {
                            lines.add(line);
                            began.add(beganNanos / 1_000_000);
                            whole.add(ended);
                        }
                    });

    private void types(String text, long millis) {
        typed.text(text, millis * 1_000_000);
    }

    private void timeIs(long millis) {
        typed.look(millis * 1_000_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r", "\u2028", "\u2029", "\u0085"})
    void aLineEndsWhereItsEndIsTyped(String end) {
        types("J", 0);
        types("a" + end, 300);
        assertThat(lines).containsExactly("Ja");
        assertThat(began).containsExactly(0L);
        assertThat(whole).as("its end was typed").containsExactly(true);
        timeIs(5000);
        assertThat(lines).hasSize(1);
    }

    @Test
    void aPauseOfASecondEndsItToo() {
        types("Ne", 0);
        timeIs(999);
        types("in", 999);
        timeIs(1998);
        assertThat(lines).isEmpty();
        timeIs(1999);
        assertThat(lines).containsExactly("Nein");
        assertThat(whole).as("its end was typed").containsExactly(false);
        assertThat(typing).containsExactly("Ne", "Nein");
    }

    @Test
    void backspaceTakesBackACharacterWhateverItsSize() {
        types("Jo\ba\n😀\bNein\n\b\b\n\bJa\n", 0);
        assertThat(lines).containsExactly("Ja", "Nein", "Ja");
    }

    /** "Ja" has been read, and somebody takes it back. */
    @Test
    void aBackspaceIntoALineThatAPauseHasEndedIsToldAndLeavesAMark() {
        types("ja", 0);
        timeIs(1000);
        types("\b\b", 1500);
        assertThat(typing).as("somebody types").containsExactly("ja", "");
        timeIs(2500);
        types("\bnein", 3000);
        timeIs(4000);
        assertThat(lines)
                .containsExactly("ja", "" + TypedLines.NO_TEXT, "nein" + TypedLines.NO_TEXT);
        assertThat(began).containsExactly(0L, 1500L, 3000L);
    }

    @Test
    void whereThereIsNothingToTakeBackABackspaceIsNothing() {
        types("\b", 0);
        types("ja\n\b", 100);
        types("ja", 200);
        timeIs(1200);
        types("\n\bja\n", 1300);
        timeIs(5000);
        assertThat(lines).containsExactly("ja", "ja", "ja");
        assertThat(typing).containsExactly("ja");
    }

    @Test
    void whoTakesBackAllThatWasTypedIsTypingToo() {
        types("j", 0);
        types("\b", 100);
        assertThat(typing).containsExactly("j", "");
        timeIs(5000);
        assertThat(lines).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u202Eja",
                "ja\u202C",
                "\u2066ja\u2069",
                "j\u200Ba",
                "ja\u0000",
                "ja\u001B",
                "ja\u009B",
                "ja\uE000",
                "ja\uD800",
                "ja\uFFFD",
                "\u200Fja",
                "j\u00ADa"
            })
    void whatIsNoTextLeavesAMark(String hostile) {
        types(hostile + "\n", 0);
        assertThat(lines).containsExactly(hostile.replaceAll("[^ja]", "") + TypedLines.NO_TEXT);
    }

    @Test
    void aMarkIsNotTakenBackAndEndsWithItsLine() {
        types("ja\u202E\b\b\bja\nja\n", 0);
        assertThat(lines).containsExactly("ja" + TypedLines.NO_TEXT, "ja");
    }

    @Test
    void aMarkAloneEndsWithThePauseAndSpoilsNothingThatComesLater() {
        types("\uFFFD", 0);
        timeIs(1000);
        types("ja\n", 1100);
        assertThat(lines).containsExactly("" + TypedLines.NO_TEXT, "ja");
    }

    @Test
    void aLineIsBoundedAndSaysSo() {
        types("a".repeat(100_000) + "\n", 0);
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst()).hasSize(TypedLines.MOST + 1).endsWith("\uFFFD");
    }

    @Test
    void whatIsBlankIsNoLine() {
        types("\n \n\t\n\u2028\u2028", 0);
        timeIs(5000);
        assertThat(lines.stream().filter(line -> line.indexOf(TypedLines.NO_TEXT) < 0)).isEmpty();
    }
}
