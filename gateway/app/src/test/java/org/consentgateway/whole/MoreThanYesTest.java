package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.testkit.timing.Stalls;
import org.consentgateway.testkit.timing.Sweep;
import org.consentgateway.whole.Recordings.Word;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Callers who say yes and something behind it, composed of single words of people: whole calls over
 * RTP. Prints how soon a plain yes is answered and decided.
 */
@Timeout(value = 480, unit = TimeUnit.SECONDS)
@ExtendWith(ListensAlone.class)
class MoreThanYesTest {
    @RegisterExtension
    static final TestGateway gateway = TestGateway.with(TestGateway.Wishes.USUAL.withSpeech());

    private static final int[] PAUSES = {150, 250, 350, 500, 700, 850, 1000};

    /** Calls at a time: more would measure the machine. */
    private static final int AT_A_TIME = 6;

    private static final AtomicInteger numbers = new AtomicInteger(1000);
    private static Recordings recordings;

    @BeforeAll
    static void read() throws Exception {
        recordings = Recordings.ofPeople();
    }

    /** What was said, and what came of it. */
    private record Outcome(
            String said,
            boolean consent,
            boolean answered,
            Optional<Duration> heard,
            Optional<Duration> decided) {
        @Override
        public String toString() {
            return said
                    + (consent ? " → consent" : " → none")
                    + heard.map(d -> " heard " + d.toMillis() + " ms").orElse("")
                    + decided.map(d -> " decided " + d.toMillis() + " ms").orElse("");
        }
    }

    private static Outcome undecided(String said, short[] turn, int yesMillis) throws Exception {
        // A pause of the machine is one between the words, too.
        return Stalls.measured(
                Duration.ofMillis(50),
                () -> call(said, turn, yesMillis),
                outcome -> outcome.answered() && !outcome.consent());
    }

    /**
     * @param yesMillis until the end of the yes in it
     */
    private static Outcome call(String said, short[] turn, int yesMillis) throws Exception {
        String number = "+49172000" + numbers.incrementAndGet();
        TestCaller caller = TestCaller.calls(gateway, TestGateway.ONE_LEVEL, number);
        caller.hears("question.assistant");
        Instant end = Instant.now().plusMillis(yesMillis);
        caller.says(AudioClip.of(turn));
        TestWait.until(() -> caller.over() || answer(caller).isPresent());
        Optional<Duration> heard =
                caller.begunAt("confirm.basis").map(at -> Duration.between(end, at));
        TestWait.until(() -> Instant.now().isAfter(end.plusMillis(2500)));
        caller.hangsUp();
        TestWait.until(() -> gateway.entries(number).size() >= 2);
        Optional<Duration> decided =
                gateway.entries(number).stream()
                        .filter(e -> e.type() == EntryType.GIVEN)
                        .map(Entry::time)
                        .map(at -> Duration.between(end, at))
                        .findFirst();
        return new Outcome(said, decided.isPresent(), answer(caller).isPresent(), heard, decided);
    }

    /** The first that the gateway said after the caller had spoken. */
    private static Optional<Instant> answer(TestCaller caller) {
        for (String part :
                List.of("confirm.basis", "repeat-1.assistant", "refused", "said-yes", "human")) {
            if (caller.begunAt(part).isPresent()) {
                return caller.begunAt(part);
            }
        }
        return Optional.empty();
    }

    private static List<Outcome> all(List<Callable<Outcome>> calls) throws Exception {
        List<Future<Outcome>> made = new ArrayList<>();
        var lines = new Semaphore(AT_A_TIME);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Callable<Outcome> call : calls) {
                made.add(
                        callers.submit(() -> {
                            lines.acquire();
                            try {
                                return call.call();
                            } finally {
                                lines.release();
                            }
                        }));
            }
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (Future<Outcome> each : made) {
            outcomes.add(each.get());
        }
        return outcomes;
    }

    /** Each speaker with every pause, each time with another word behind it. */
    @Test
    void aYesThatIsFollowedByAnythingElseIsNoConsent() throws Exception {
        List<Word> yes = recordings.saying("en", "yes");
        List<Word> more =
                recordings.saying(
                        "en", "no", "stop", "up", "left", "down", "go", "house", "happy", "agent");
        List<Callable<Outcome>> calls = new ArrayList<>();
        for (int speaker = 0; speaker < yes.size(); speaker++) {
            for (int i = 0; i < PAUSES.length; i += 2) {
                int pause = PAUSES[(i + speaker) % PAUSES.length];
                Word first = yes.get(speaker);
                Word second = more.get((3 * speaker + i) % more.size());
                short[] turn = Recordings.turn(first.samples(), pause, second.samples());
                String said = first + " + " + pause + " ms + " + second;
                calls.add(() -> undecided(said, turn, first.millis()));
            }
        }
        List<Outcome> outcomes = all(Sweep.of(calls));

        assertThat(yes.stream().filter(Word::human)).hasSizeGreaterThanOrEqualTo(6);
        assertThat(outcomes).allMatch(Outcome::answered, "was answered");
        assertThat(outcomes.stream().filter(Outcome::consent)).isEmpty();
    }

    @Test
    void aPlainYesIsAnsweredAtOnceAndDecidedSoonAfter() throws Exception {
        List<Callable<Outcome>> calls = new ArrayList<>();
        for (Word yes : recordings.saying("en", "yes", "i agree")) {
            calls.add(() -> call(yes.name(), yes.whole(), yes.whole().length / 8));
        }
        List<Outcome> outcomes = all(calls);
        List<Outcome> consents = outcomes.stream().filter(Outcome::consent).toList();
        print("yes: from the end of the word to hearing the answer", outcomes, Outcome::heard);
        print("yes: from the end of the word to the record", outcomes, Outcome::decided);

        assertThat(consents).as("of " + outcomes).hasSizeGreaterThan(outcomes.size() / 2);
        assertThat(consents.stream().filter(o -> !o.said().endsWith("twice")))
                .anyMatch(o -> o.decided().orElseThrow().toMillis() <= 1150);
    }

    private interface Took {
        Optional<Duration> of(Outcome outcome);
    }

    private static void print(String what, List<Outcome> outcomes, Took took) {
        List<Duration> sorted =
                outcomes.stream().flatMap(o -> took.of(o).stream()).sorted().toList();
        if (!sorted.isEmpty()) {
            System.out.printf(
                    Locale.ROOT,
                    "%s: n %d, p50 %d ms, p95 %d ms%n",
                    what,
                    sorted.size(),
                    sorted.get(sorted.size() / 2).toMillis(),
                    sorted.get(sorted.size() * 95 / 100).toMillis());
        }
    }
}
