package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaListener;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.MediaSettings;
import org.consentgateway.media.PortsExhaustedException;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.screen.CallAdmission;
import org.consentgateway.sip.transport.SipSettings;
import org.consentgateway.sip.trunk.Cidr;
import org.consentgateway.sip.trunk.Numbering;
import org.consentgateway.sip.trunk.Trunk;
import org.consentgateway.testkit.CallerAudio;
import org.consentgateway.testkit.RtpPorts;
import org.consentgateway.testkit.Sipp;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Every scenario against SIP and media alone; the whole gateway is tried with the same files. */
@Execution(ExecutionMode.CONCURRENT)
class SippTest {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private volatile CallAdmission admission = new CallAdmission.Accepted();
    private volatile int ringMillis;
    private volatile @Nullable IncomingCall taken;
    private MediaEngine media;
    private SipEndpoint sip;

    @BeforeEach
    void start() throws IOException {
        media =
                MediaEngine.start(
                        new MediaSettings(
                                HERE,
                                RtpPorts.GATEWAY,
                                RtpPorts.GATEWAY + 999,
                                Duration.ofMillis(100),
                                Duration.ofSeconds(2),
                                1));
        sip =
                SipEndpoint.start(
                        new SipSettings(
                                List.of(
                                        new SipSettings.Listen(Transport.UDP, "127.0.0.1", 0),
                                        new SipSettings.Listen(Transport.TCP, "127.0.0.1", 0)),
                                Optional.empty(),
                                "consent-gateway-test",
                                List.of(
                                        Trunk.trustedWithNothing(
                                                "loopback",
                                                List.of(Cidr.parse("127.0.0.1")),
                                                List.of(),
                                                Numbering.GERMANY)),
                                16384,
                                Duration.ofMillis(100),
                                Duration.ofMinutes(30),
                                Duration.ofSeconds(90),
                                SipSettings.Limits.USUAL,
                                Optional.empty(),
                                List.of(),
                                SipSettings.SIGNALLING,
                                false,
                                List.of(),
                                Optional.empty()),
                        new CallHandler() {
                            @Override
                            public CallAdmission admit(String trunk, String calledNumber) {
                                return admission;
                            }

                            @Override
                            public void call(IncomingCall call) {
                                answer(call);
                            }
                        },
                        System::nanoTime);
    }

    @AfterEach
    void stop() {
        sip.close();
        media.close();
    }

    private void answer(IncomingCall call) {
        taken = call;
        call.ring();
        try {
            MediaLeg leg = media.open();
            leg.listen(
                    new MediaListener() {
                        @Override
                        public void keyDown(char digit, long atNanos) {
                            told.add("key " + digit);
                        }
                    });
            Runnable pickUp =
                    () ->
                            call.answer(
                                    leg.local(),
                                    new IncomingCall.Events() {
                                        @Override
                                        public void media(MediaFormat format, MediaPeer peer) {
                                            told.add("media " + peer.direction());
                                            leg.connect(format, peer);
                                        }

                                        @Override
                                        public void ended(IncomingCall.How how) {
                                            leg.close();
                                            told.add("ended " + how);
                                        }
                                    });
            if (ringMillis == 0) {
                pickUp.run();
            } else {
                CompletableFuture.delayedExecutor(ringMillis, TimeUnit.MILLISECONDS)
                        .execute(pickUp);
            }
        } catch (PortsExhaustedException none) {
            call.reject(486, "Busy Here", Map.of());
        }
    }

    private Sipp sipp(String scenario) {
        return new Sipp(scenario, sip.listening().get(0));
    }

    private static void succeeds(Sipp sipp) throws Exception {
        Sipp.Result result = sipp.run();
        assertThat(result.succeeded()).as(result.errors()).isTrue();
    }

    private String next() throws InterruptedException {
        String event = told.poll(10, TimeUnit.SECONDS);
        return event == null ? "nothing" : event;
    }

    private void tells(String... events) throws InterruptedException {
        for (String event : events) {
            assertThat(next()).isEqualTo(event);
        }
    }

    @Test
    void keysAreHeardAsOftenAsTheyArePressed() throws Exception {
        succeeds(
                sipp("presses-key")
                        .set("talk", 1500)
                        .saying(
                                new CallerAudio()
                                        .silence(400)
                                        .key('1')
                                        .silence(300)
                                        .key('2')
                                        .silence(500)));
        tells("media SENDRECV", "key 1", "key 2", "ended BYE");
    }

    @Test
    void keysAreHeardOverTcpSignallingToo() throws Exception {
        succeeds(
                new Sipp("presses-key", sip.listening().get(1))
                        .overTcp()
                        .set("talk", 800)
                        .saying(new CallerAudio().silence(200).key('#').silence(400)));
        tells("media SENDRECV", "key #", "ended BYE");
    }

    @Test
    void silenceAndAbandoningEndWithTheirBye() throws Exception {
        succeeds(sipp("stays-silent").set("talk", 500));
        tells("media SENDRECV", "ended BYE");
        succeeds(sipp("abandons-during-opening").set("talk", 200));
        tells("media SENDRECV", "ended BYE");
    }

    @Test
    void aByeOfOursEndsTheScenarioToo() throws Exception {
        CompletableFuture<Sipp.Result> running =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return sipp("stays-silent").set("talk", 20_000).run();
                    } catch (IOException | InterruptedException failed) {
                        throw new IllegalStateException(failed);
                    }
                });
        tells("media SENDRECV");
        Objects.requireNonNull(taken).hangUp(IncomingCall.Ending.NORMAL);
        Sipp.Result result = running.get(15, TimeUnit.SECONDS);
        assertThat(result.succeeded()).as(result.errors()).isTrue();
        tells("ended BY_US");
    }

    @Test
    void cancelsBeforeAnswer() throws Exception {
        ringMillis = 1000;
        succeeds(sipp("cancels-before-answer"));
        tells("ended CANCELLED");
    }

    @Test
    void cancelRacesAnswer() throws Exception {
        for (int race = 0; race < 20; race++) {
            ringMillis = race % 4;
            succeeds(sipp("cancel-races-answer"));
            String first = next();
            if (first.startsWith("media")) {
                tells("ended BYE");
            } else {
                assertThat(first).isEqualTo("ended CANCELLED");
            }
        }
    }

    @Test
    void lateAck() throws Exception {
        succeeds(sipp("late-ack").set("talk", 300));
        tells("media SENDRECV", "ended BYE");
    }

    @Test
    void lostAck() throws Exception {
        succeeds(sipp("lost-ack"));
        tells("media SENDRECV", "ended NO_ACK");
    }

    @Test
    void retransmitsInvite() throws Exception {
        ringMillis = 500; // the INVITE is repeated after 100 and 300 ms
        succeeds(sipp("retransmits-invite").set("talk", 300));
        tells("media SENDRECV", "ended BYE");
        assertThat(told).isEmpty();
    }

    @Test
    void offerlessInvite() throws Exception {
        succeeds(sipp("offerless-invite").set("talk", 300));
        tells("media SENDRECV", "ended BYE");
    }

    @Test
    void holdDuringQuestion() throws Exception {
        succeeds(sipp("hold-during-question").set("opening", 300).set("talk", 300));
        tells("media SENDRECV", "media RECVONLY", "media SENDRECV", "ended BYE");
    }

    @Test
    void refusals() throws Exception {
        succeeds(sipp("no-common-codec"));
        admission = new CallAdmission.UnknownLine();
        succeeds(sipp("unknown-line"));
        admission = new CallAdmission.Full(CallAdmission.Limit.CALLS, 5);
        succeeds(sipp("over-the-limit"));
        assertThat(told).isEmpty();
    }

    @Test
    void strangersGetNothing() throws Exception {
        Sipp.Result result = sipp("unknown-line").from("127.0.0.2").patience(2).run();
        assertThat(result.succeeded()).isFalse();
        assertThat(told).isEmpty();
    }
}
