package org.consentgateway.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaSettings;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.testkit.RtpPorts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DemoTest {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final AudioClip SENTENCE = AudioClip.of(Tone.sine(440, 1000, 8000));
    private static final AudioClip WORD = AudioClip.of(Tone.sine(1000, 600, 8000));

    private MediaEngine media;
    private DemoAgent agent;
    private DemoCaller caller;

    @BeforeEach
    void start() throws Exception {
        media =
                MediaEngine.start(
                        new MediaSettings(
                                HERE,
                                RtpPorts.GATEWAY,
                                RtpPorts.GATEWAY + 999,
                                Duration.ofMillis(100),
                                Duration.ofSeconds(2),
                                1));
        agent =
                DemoAgent.start(
                        new InetSocketAddress(HERE, 0),
                        media,
                        DemoAgent.Sentence.of("agent", SENTENCE));
        caller = DemoCaller.start(new InetSocketAddress(HERE, 0), media);
    }

    @AfterEach
    void stop() {
        caller.close();
        agent.close();
        media.close();
    }

    private String agentUri() {
        return "sip:demo@127.0.0.1:" + agent.listening().getFirst().getPort();
    }

    @Test
    void theAgentSaysItsSentenceAndEchoesTheCaller() throws Exception {
        List<String> timeline = new CopyOnWriteArrayList<>();
        PromptSpotter spotter =
                new PromptSpotter(
                        new PromptFrames(Map.of("sentence", SENTENCE, "word", WORD)),
                        new PromptSpotter.Listener() {
                            @Override
                            public void begins(String prompt) {
                                timeline.add("begins " + prompt);
                            }

                            @Override
                            public void ends(String prompt, boolean whole) {
                                timeline.add("ends " + prompt + " " + whole);
                            }
                        });
        var ended = new CompletableFuture<DemoCall.Outcome>();
        DemoCall call =
                caller.call(
                        agentUri(),
                        "+491701234567",
                        new DemoCall.Listener() {
                            @Override
                            public void ringing() {
                                timeline.add("ringing");
                            }

                            @Override
                            public void answered() {
                                timeline.add("answered");
                            }

                            @Override
                            public void hears(PcmFrame frame) {
                                spotter.hears(frame);
                            }

                            @Override
                            public void over(DemoCall.Outcome outcome) {
                                timeline.add("over");
                                ended.complete(outcome);
                            }
                        });
        await().atMost(Duration.ofSeconds(20)).until(() -> timeline.contains("ends sentence true"));
        call.say(WORD);
        await().atMost(Duration.ofSeconds(20)).until(() -> timeline.contains("ends word true"));
        call.hangUp();

        assertThat(ended.get(20, TimeUnit.SECONDS))
                .isEqualTo(new DemoCall.Outcome.Ended(IncomingCall.How.BY_US));
        assertThat(timeline)
                .containsExactly(
                        "ringing",
                        "answered",
                        "begins sentence",
                        "ends sentence true",
                        "begins word",
                        "ends word true",
                        "over");
        short[] heard = call.heard();
        assertThat(Tone.share(Arrays.copyOfRange(heard, 1600, 6400), 440)).isGreaterThan(0.9);
        await().until(() -> agent.active() == 0);
        assertThat(agent.answered()).isEqualTo(1);
    }

    @Test
    void theAgentWritesItsSentenceAndEchoesWhatIsTyped() throws Exception {
        List<String> read = new CopyOnWriteArrayList<>();
        DemoCall call =
                caller.callByText(
                        agentUri(),
                        "+491701234567",
                        new DemoCall.Listener() {
                            @Override
                            public void reads(String text) {
                                read.add(text);
                            }
                        });
        await().atMost(Duration.ofSeconds(20))
                .until(() -> String.join("", read).equals("(the demo agent)\u2028"));
        call.type("Hallo");
        await().atMost(Duration.ofSeconds(20)).until(() -> String.join("", read).endsWith("Hallo"));
        assertThat(call.heard()).isEmpty();
        call.hangUp();
        await().until(() -> agent.active() == 0);
    }

    @Test
    void aPromptThatIsCutOffIsNotWhole() {
        List<String> told = new CopyOnWriteArrayList<>();
        PromptSpotter spotter =
                new PromptSpotter(
                        new PromptFrames(Map.of("word", WORD)),
                        new PromptSpotter.Listener() {
                            @Override
                            public void begins(String prompt) {
                                told.add("begins " + prompt);
                            }

                            @Override
                            public void ends(String prompt, boolean whole) {
                                told.add("ends " + prompt + " " + whole);
                            }
                        });
        short[] pcm = G711.PCMA.decode(WORD.octets(G711.PCMA));
        for (int at = 0; at < 10 * PcmFrame.SAMPLES; at += PcmFrame.SAMPLES) {
            spotter.hears(frame(Arrays.copyOfRange(pcm, at, at + PcmFrame.SAMPLES)));
        }
        for (int i = 0; i < 10; i++) {
            spotter.hears(frame(new short[PcmFrame.SAMPLES]));
        }
        assertThat(told).containsExactly("begins word", "ends word false");
    }

    private static PcmFrame frame(short[] samples) {
        return new PcmFrame(samples, 0, PcmFrame.Origin.RECEIVED);
    }

    @Test
    void aTargetThatDoesNotListenIsRefused() throws Exception {
        var ended = new CompletableFuture<DemoCall.Outcome>();
        caller.call(
                "sip:nobody@127.0.0.1:1;transport=tcp",
                "anonymous",
                new DemoCall.Listener() {
                    @Override
                    public void over(DemoCall.Outcome outcome) {
                        ended.complete(outcome);
                    }
                });
        assertThat(ended.get(20, TimeUnit.SECONDS)).isEqualTo(new DemoCall.Outcome.Refused(503, 0));
    }
}
