package org.consentgateway.whole;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.awaitility.core.ConditionTimeoutException;
import org.consentgateway.demo.PromptFrames;
import org.consentgateway.demo.PromptSpotter;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.G711;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.Law;
import org.consentgateway.testkit.Telephone;
import org.consentgateway.testkit.Tones;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who calls, talks from the first moment on (a tone, so that it is found wherever it gets
 * to), hears prompts and presses keys. Thread-safe.
 */
final class TestCaller implements Telephone.Listener {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] VOICE = Law.A.encode(Tones.sine(Caller.VOICE_HERTZ, 60_000, 6000));

    /** Once for each set of prompts: of one caller they take 20 MB, and there are hundreds. */
    private static final Map<Map<String, AudioClip>, PromptFrames> FRAMES =
            new ConcurrentHashMap<>();

    final String number;
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<String> begun = new CopyOnWriteArrayList<>();
    private final Map<String, Instant> begunAt = new ConcurrentHashMap<>();
    private final PromptSpotter spotter;
    private @Nullable Telephone telephone;
    private volatile boolean answered;
    private volatile Telephone.@Nullable Outcome outcome;

    private TestCaller(TestGateway gateway, String number) {
        this.number = number;
        this.spotter =
                new PromptSpotter(
                        FRAMES.computeIfAbsent(gateway.prompts().clips(), TestCaller::frames),
                        new PromptSpotter.Listener() {
                            @Override
                            public void begins(String prompt) {
                                begunAt.putIfAbsent(prompt, Instant.now());
                                begun.add(prompt);
                            }

                            @Override
                            public void ends(String prompt, boolean whole) {
                                heard.add(prompt + (whole ? "" : " (cut)"));
                            }
                        });
    }

    private static PromptFrames frames(Map<String, AudioClip> prompts) {
        Map<String, AudioClip> sounds = new HashMap<>(prompts);
        sounds.put("assistant", TestGateway.greeting("assistant"));
        sounds.put("human", TestGateway.greeting("human"));
        sounds.put("bot", TestGateway.botsGreeting());
        return new PromptFrames(sounds);
    }

    /** Calls and talks. */
    static TestCaller calls(TestGateway gateway, String line, String number) throws Exception {
        return calls(gateway, line, number, gateway.sip().getPort());
    }

    /** Calls, talks, and says yes by key to the first question. */
    static TestCaller agrees(TestGateway gateway, String line, String number) throws Exception {
        return calls(gateway, line, number).talks().hears("question-keys.assistant").presses("1");
    }

    /**
     * @param port that leads to the gateway
     */
    static TestCaller calls(TestGateway gateway, String line, String number, int port)
            throws Exception {
        TestCaller caller = new TestCaller(gateway, number);
        Telephone placed = gateway.calls(line, number, port, caller);
        synchronized (caller) {
            caller.telephone = placed;
        }
        return caller;
    }

    private synchronized Telephone telephone() {
        if (telephone == null) {
            throw new IllegalStateException("not yet dialled");
        }
        return telephone;
    }

    /** What was heard, in order; what was cut short says so. */
    List<String> heard() {
        return heard;
    }

    int rtpPort() {
        return telephone().rtpPort();
    }

    /** When this was first heard, to within the three frames that it takes to be sure. */
    Optional<Instant> begunAt(String prompt) {
        return Optional.ofNullable(begunAt.get(prompt));
    }

    TestCaller hearsBeginningOf(String prompt) {
        return hears("beginning of " + prompt, () -> begun.contains(prompt));
    }

    TestCaller hears(String prompt) {
        return hears(prompt, () -> heard.contains(prompt));
    }

    TestCaller hearsOneOf(String... prompts) {
        List<String> wanted = List.of(prompts);
        return hears(wanted.toString(), () -> heard.stream().anyMatch(wanted::contains));
    }

    private TestCaller hears(String what, BooleanSupplier there) {
        try {
            await(what).atMost(PATIENCE).until(() -> there.getAsBoolean() || over());
        } catch (ConditionTimeoutException e) {
            throw neverHeard(what, e);
        }
        if (!there.getAsBoolean()) {
            throw neverHeard(what, null);
        }
        return this;
    }

    private AssertionError neverHeard(String what, @Nullable ConditionTimeoutException cause) {
        String known = "never heard " + what + ", but began " + begun + ", ended " + heard;
        return new AssertionError(known + "; " + outcome, cause);
    }

    TestCaller talks() {
        await("answer to " + number).atMost(PATIENCE).until(() -> answered || over());
        telephone().say(VOICE);
        return this;
    }

    TestCaller says(AudioClip clip) {
        telephone().say(clip.octets(G711.PCMA));
        return this;
    }

    TestCaller presses(String keys) {
        keys.chars().forEach(key -> telephone().press((char) key));
        return this;
    }

    TestCaller hangsUp() {
        telephone().hangUp();
        return isOver();
    }

    TestCaller isOver() {
        await("end of the call").atMost(PATIENCE).until(this::over);
        return this;
    }

    boolean over() {
        return outcome != null;
    }

    Telephone.@Nullable Outcome outcome() {
        return outcome;
    }

    @Override
    public void answered() {
        answered = true;
    }

    @Override
    public void audio(byte[] octets, Law law) {
        spotter.hears(new PcmFrame(law.decode(octets), 0, PcmFrame.Origin.RECEIVED));
    }

    @Override
    public void over(Telephone.Outcome how) {
        outcome = how;
    }
}
