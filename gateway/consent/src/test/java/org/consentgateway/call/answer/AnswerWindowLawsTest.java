package org.consentgateway.call.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.consentgateway.call.answer.ReplyWindow.Move;
import org.consentgateway.call.answer.ReplyWindow.Prompting;
import org.consentgateway.consent.SpokenWords;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds for a question whatever happens in whatever order: many random questions by seed. */
class AnswerWindowLawsTest {
    private static final int QUESTIONS = 30_000;
    private static final long START = 9_000_000_000L;
    private static final Duration PROMPT = Duration.ofSeconds(4);
    private static final Duration GIVES_UP = Duration.ofMinutes(2);

    private static final Expecting YES_OR_NO =
            new Expecting(
                    Map.of('1', Meaning.AGREE, '2', Meaning.REFUSE, '0', Meaning.REPEAT),
                    EnumSet.of(Meaning.AGREE, Meaning.REFUSE, Meaning.HEDGED));

    /** What happened to one window, and what it said. */
    private static final class Played {
        final List<String> happened = new ArrayList<>();
        boolean key1;
        boolean key2;
        boolean yes;
        boolean otherWords;
        @Nullable Reply reply;
        int replies;
        long now = START;
        long stoodStill;
        long heldSince;

        @Override
        public String toString() {
            return happened + " -> " + reply;
        }
    }

    private static Played play(long seed) {
        var random = new Random(seed);
        var played = new Played();
        var window =
                new AnswerWindow(
                        YES_OR_NO, AnswerTiming.DEFAULT, START, QuestionPut.after(Duration.ZERO));
        long promptEnds = START + PROMPT.toNanos();
        boolean promptOver = false;
        boolean held = false;
        long lastInput = START + Duration.ofSeconds(12).toNanos();
        while (played.reply == null && played.now < START + GIVES_UP.toNanos()) {
            long input =
                    played.now < lastInput
                            ? played.now + random.nextLong(Duration.ofMillis(900).toNanos())
                            : Long.MAX_VALUE;
            long prompt = promptOver || held ? Long.MAX_VALUE : promptEnds;
            long next = Math.min(input, Math.min(prompt, window.nextTick()));
            if (held && next > lastInput) {
                held = false;
                window.held(false, played.now);
                continue;
            }
            if (next == Long.MAX_VALUE) {
                break;
            }
            played.now = Math.max(played.now, next);
            Move move;
            if (next == input) {
                int what = random.nextInt(10);
                if (what == 9) {
                    held = !held;
                    if (held) {
                        played.heldSince = played.now;
                    } else {
                        played.stoodStill += played.now - played.heldSince;
                    }
                }
                move = happen(window, what, held, random, played);
            } else if (next == prompt) {
                promptOver = true;
                move = window.promptEnded(said(Said.End.COMPLETED), played.now);
            } else {
                move = window.tick(played.now);
            }
            take(move, played);
            if (move.prompt() == Prompting.STOPPED && !promptOver) {
                promptOver = true;
                take(window.promptEnded(said(Said.End.BARGED_IN), played.now), played);
            }
        }
        for (int i = 0; i < 5; i++) {
            played.now += 1_000_000_000L;
            take(happen(window, i, false, random, new Played()), played);
            take(window.tick(played.now), played);
        }
        return played;
    }

    private static Said said(Said.End end) {
        return new Said(10, 10, 0, true, end);
    }

    private static void take(Move move, Played played) {
        Reply reply = move.reply();
        if (reply != null) {
            played.reply = played.reply == null ? reply : played.reply;
            played.replies++;
        }
    }

    private static Move happen(
            AnswerWindow window, int what, boolean held, Random random, Played played) {
        long now = played.now;
        boolean counts =
                !held && now - played.stoodStill - START >= AnswerTiming.DEFAULT.settle().toNanos();
        return switch (what) {
            case 0 -> {
                played.key1 |= counts;
                played.happened.add("1");
                yield window.keyDown('1', now, now);
            }
            case 1 -> {
                played.key2 = true;
                played.happened.add("2");
                yield window.keyDown('2', now, now);
            }
            case 2 -> {
                played.happened.add("7");
                yield window.keyDown('7', now, now);
            }
            case 3, 4 -> {
                played.happened.add("speech");
                yield window.speechStarted(now);
            }
            case 5 -> {
                played.yes |= counts;
                played.happened.add("yes");
                yield words(window, Meaning.AGREE, random, now);
            }
            case 6 -> {
                played.otherWords = true;
                played.happened.add("no");
                yield words(window, Meaning.REFUSE, random, now);
            }
            case 7 -> {
                played.happened.add("mumble");
                yield window.nothing(now);
            }
            case 8 -> {
                played.happened.add("crash");
                yield window.recogniserFailed(now);
            }
            default -> {
                played.happened.add(held ? "hold" : "resume");
                yield window.held(held, now);
            }
        };
    }

    private static Move words(AnswerWindow window, Meaning meaning, Random random, long now) {
        return window.words(
                meaning, new SpokenWords("x"), 0.9, 100 + random.nextInt(400), false, now);
    }

    private static List<Played> all() {
        var all = new ArrayList<Played>();
        for (long seed = 0; seed < QUESTIONS; seed++) {
            all.add(play(seed));
        }
        return all;
    }

    private static boolean agrees(@Nullable Reply reply) {
        return switch (reply) {
            case Reply.Key key -> key.meaning() == Meaning.AGREE;
            case Reply.Spoken spoken -> spoken.meaning() == Meaning.AGREE;
            case null, default -> false;
        };
    }

    @Test
    void everyQuestionEndsAndEndsOnce() {
        assertThat(all()).allSatisfy(p -> assertThat(p.replies).isEqualTo(1));
    }

    @Test
    void nobodyAgreesWithoutAKeyOrAWordThatCounts() {
        assertThat(all())
                .filteredOn(p -> agrees(p.reply))
                .hasSizeGreaterThan(QUESTIONS / 10)
                .allSatisfy(p -> assertThat(p.key1 || p.yes).isTrue());
    }

    @Test
    void nobodyAgreesBySpeechAgainstAKeyOrOtherWordsInTheSameUtterance() {
        assertThat(all())
                .filteredOn(p -> p.reply instanceof Reply.Spoken s && s.meaning() == Meaning.AGREE)
                .hasSizeGreaterThan(QUESTIONS / 100)
                .allSatisfy(p -> assertThat(p.key2).isFalse());
    }

    @Test
    void silenceIsNeverAnAnswer() {
        assertThat(all())
                .filteredOn(p -> !p.key1 && !p.key2 && !p.yes && !p.otherWords)
                .isNotEmpty()
                .allSatisfy(p ->
                        assertThat(p.reply)
                                .isNotInstanceOf(Reply.Key.class)
                                .isNotInstanceOf(Reply.Spoken.class));
    }
}
