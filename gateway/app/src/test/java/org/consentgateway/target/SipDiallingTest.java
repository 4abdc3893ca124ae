package org.consentgateway.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.MediaSettings;
import org.consentgateway.media.TextFormat;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.endpoint.SipEndpoint;
import org.consentgateway.sip.sdp.AgreedMedia;
import org.consentgateway.sip.transport.ClockAndDns;
import org.consentgateway.sip.trunk.CallerIdentity;
import org.consentgateway.testkit.RtpPorts;
import org.consentgateway.testkit.SipPeer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A far end that agrees to something else in the middle of its talk. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SipDiallingTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    /** Longer than text waits to be sent, or sent again. */
    private static final int LATE_MILLIS = 700;

    private final MediaEngine media =
            MediaEngine.start(
                    new MediaSettings(
                            HERE,
                            RtpPorts.GATEWAY,
                            RtpPorts.GATEWAY + 7,
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(30),
                            1));
    private final UUID callId = UUID.randomUUID();
    private final CallerSides sides = new CallerSides();
    private SipEndpoint endpoint;
    private SipPeer target;
    private DatagramSocket hears;
    private DatagramSocket reads;
    private MediaLeg leg;

    @BeforeEach
    void start() throws Exception {
        endpoint = TestDialling.endpoint(ClockAndDns.real(System::nanoTime));
        target = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst());
        hears = new DatagramSocket(0, HERE);
        reads = new DatagramSocket(0, HERE);
        leg = media.open();
    }

    @AfterEach
    void stop() throws Exception {
        hears.close();
        reads.close();
        endpoint.close();
        target.close();
        media.close();
    }

    private CallerSide caller(boolean needsText) {
        var call =
                (IncomingCall)
                        Proxy.newProxyInstance(
                                IncomingCall.class.getClassLoader(),
                                new Class<?>[] {IncomingCall.class},
                                (_, _, _) -> null);
        return new CallerSide(
                leg,
                new CallerSide.Has(G711.PCMA, true, needsText),
                CallerIdentity.UNKNOWN,
                "+4930123456",
                Map.of(),
                call);
    }

    private SipDialling<SipHumanEnd> dial(boolean needsText) {
        CallerSide dialled = caller(needsText);
        sides.enter(callId, dialled);
        String uri = "sip:bot@127.0.0.1:" + target.port;
        var bot = TestTargets.of("bot", Duration.ofSeconds(20), new SipTarget.At(uri, 0, 1));
        return SipDialling.start(
                endpoint,
                bot,
                OutgoingCall.Dial.straight(uri, "+4930123456", Map.of(), leg.local(), G711.PCMA),
                new SipDialling.Ours(leg, sides.needsText(callId, dialled)),
                SipHumanEnd::new,
                Map.of());
    }

    private AgreedMedia sound(AgreedMedia.@Nullable TextStream text) {
        return new AgreedMedia(
                new AgreedMedia.AudioStream(new MediaFormat(G711.PCMA, 8, -1), at(hears)), text);
    }

    private AgreedMedia soundAndText() {
        return sound(new AgreedMedia.TextStream(new TextFormat(98, -1, 0, 30), at(reads)));
    }

    private static MediaPeer at(DatagramSocket socket) {
        var there = (InetSocketAddress) socket.getLocalSocketAddress();
        return new MediaPeer(there, there, MediaPeer.Direction.SENDRECV, Set.of());
    }

    private static SipHumanEnd connected(SipDialling<SipHumanEnd> dialling) throws Exception {
        var connected =
                (Dialled.Connected<SipHumanEnd>)
                        dialling.result().toCompletableFuture().get(10, TimeUnit.SECONDS);
        return connected.end();
    }

    private void getsText(int withinMillis) throws IOException {
        reads.setSoTimeout(withinMillis);
        reads.receive(new DatagramPacket(new byte[1500], 1500));
    }

    @Test
    void whatIsTypedGoesNoMoreToWhereTextHasBeenGivenUp() throws Exception {
        SipDialling<SipHumanEnd> dialling = dial(false);
        dialling.agreed(soundAndText());
        SipHumanEnd end = connected(dialling);
        leg.text().send("eins");
        getsText(10_000);
        dialling.agreed(sound(null));
        leg.text().send("zwei");
        assertThatThrownBy(() -> getsText(LATE_MILLIS)).isInstanceOf(SocketTimeoutException.class);
        assertThat(end.ended().toCompletableFuture()).as("its caller speaks").isNotDone();
        dialling.agreed(soundAndText());
        leg.text().send("drei");
        getsText(10_000);
    }

    @Test
    void whoGivesUpTextIsLostToWhoTypes() throws Exception {
        SipDialling<SipHumanEnd> dialling = dial(true);
        dialling.agreed(soundAndText());
        SipHumanEnd end = connected(dialling);
        dialling.agreed(soundAndText());
        assertThat(end.ended().toCompletableFuture()).as("there is text").isNotDone();
        dialling.agreed(sound(null));
        assertThat(end.ended().toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isEqualTo(new FarLeg.End.Lost());
    }

    @Test
    void whoGivesUpTextIsLostToWhoTypesSinceTheDialling() throws Exception {
        SipDialling<SipHumanEnd> dialling = dial(false);
        dialling.agreed(soundAndText());
        SipHumanEnd end = connected(dialling);
        sides.enter(callId, caller(true));
        dialling.agreed(sound(null));
        assertThat(end.ended().toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isEqualTo(new FarLeg.End.Lost());
    }

    @Test
    void whoGivesUpTextStaysWithWhoSpeaksSinceTheDialling() throws Exception {
        SipDialling<SipHumanEnd> dialling = dial(true);
        dialling.agreed(soundAndText());
        SipHumanEnd end = connected(dialling);
        sides.enter(callId, caller(false));
        dialling.agreed(sound(null));
        assertThat(end.ended().toCompletableFuture()).as("its caller speaks").isNotDone();
    }

    @Test
    void whatTheCallerHadCountsOnceTheCallerIsGone() throws Exception {
        SipDialling<SipHumanEnd> dialling = dial(true);
        sides.leave(callId);
        dialling.agreed(sound(null));
        assertThat(dialling.result().toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isEqualTo(new Dialled.NotReached<>(Dialled.Why.REFUSED, 488));
    }

    @Test
    void whoAnswersWithoutTextIsNoneToWhoTypes() throws Exception {
        SipDialling<SipHumanEnd> dialling = dial(true);
        dialling.agreed(sound(null));
        assertThat(dialling.result().toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isEqualTo(new Dialled.NotReached<>(Dialled.Why.REFUSED, 488));
    }
}
