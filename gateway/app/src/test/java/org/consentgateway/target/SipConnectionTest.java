package org.consentgateway.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.MediaSettings;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.testkit.RtpPorts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SipConnectionTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    /** A receiver report of nothing (RFC 3550 §6.4.2), with the name it has to come with. */
    private static final byte[] REPORT =
            HexFormat.of().parseHex("80c900010000000981ca0003000000090104" + "63616c6c0000");

    private final MediaEngine media =
            MediaEngine.start(
                    new MediaSettings(
                            HERE,
                            RtpPorts.GATEWAY,
                            RtpPorts.GATEWAY + 7,
                            Duration.ofSeconds(1),
                            Duration.ofMillis(100),
                            1));

    @AfterEach
    void close() {
        media.close();
    }

    private static void connect(MediaLeg leg, DatagramSocket far) {
        var there = (InetSocketAddress) far.getLocalSocketAddress();
        leg.connect(
                new MediaFormat(G711.PCMA, 8, -1),
                new MediaPeer(there, there, MediaPeer.Direction.SENDRECV, Set.of()));
    }

    /** 20 ms of sound, and a report beside it (RFC 5761). */
    private static void speaks(DatagramSocket far, int number, MediaLeg to) throws IOException {
        byte[] sound = new byte[172];
        sound[0] = (byte) 0x80;
        sound[1] = 8;
        sound[3] = (byte) number;
        far.send(new DatagramPacket(sound, sound.length, to.local()));
        far.send(new DatagramPacket(REPORT, REPORT.length, to.local()));
    }

    /** A far end that has answered and is silent from the first moment on: its caller hears it. */
    @Test
    void ofWhomNothingEverComesIsLost() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(0, HERE);
                MediaLeg leg = media.open()) {
            var connection = new SipConnection(leg);
            connect(leg, silent);
            assertThat(connection.ended().toCompletableFuture().get(10, TimeUnit.SECONDS))
                    .isEqualTo(new FarLeg.End.Lost());
        }
    }

    /** Its caller would be in silence until one of them hangs up. */
    @Test
    void anAssistantWhoseMediaEndsIsLostAndAPersonMayBeOnHold() throws Exception {
        try (DatagramSocket bot = new DatagramSocket(0, HERE);
                DatagramSocket person = new DatagramSocket(0, HERE);
                MediaLeg first = media.open();
                MediaLeg second = media.open()) {
            var told = new CountDownLatch(1);
            var assistant =
                    new SipAssistantEnd(
                            new SipConnection(first),
                            _ -> PurposeReport.notOffered(""),
                            told::countDown);
            var human = new SipHumanEnd(new SipConnection(second));
            connect(first, bot);
            connect(second, person);
            for (int number = 0; number < 5; number++) {
                speaks(bot, number, first);
                speaks(person, number, second);
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertThat(assistant.ended().toCompletableFuture().get(10, TimeUnit.SECONDS))
                    .isEqualTo(new FarLeg.End.Lost());
            assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
            TimeUnit.MILLISECONDS.sleep(300);
            assertThat(human.ended().toCompletableFuture()).isNotDone();
        }
    }

    /** One that answers and fails at once: its caller has agreed, and nobody has said a word. */
    @Test
    void anAssistantThatHangsUpBeforeItSaidAnythingIsLostAndAPersonHasHungUp() throws Exception {
        try (DatagramSocket bot = new DatagramSocket(0, HERE);
                DatagramSocket person = new DatagramSocket(0, HERE);
                MediaLeg first = media.open();
                MediaLeg second = media.open();
                MediaLeg third = media.open()) {
            assertThat(endOf(assistant(first), first, bot, false)).isEqualTo(new FarLeg.End.Lost());
            assertThat(endOf(assistant(second), second, bot, true))
                    .isEqualTo(new FarLeg.End.HungUp());
            var human = new SipConnection(third);
            assertThat(new SipHumanEnd(human).heardFrom()).as("and has not talked").isFalse();
            assertThat(endOf(human, third, person, false)).isEqualTo(new FarLeg.End.HungUp());
        }
    }

    /** The person talks to the caller past us: nobody else is to be dialled. */
    @Test
    void wherePlacesWereTakenItHasNotHungUpOnTheCaller() throws Exception {
        for (boolean byeFirst : List.of(true, false)) {
            try (MediaLeg leg = media.open()) {
                var connection = new SipConnection(leg);
                var taken = new CompletableFuture<Boolean>();
                connection.dialled(at("sip:there"));
                connection.offer(_ -> taken);
                if (byeFirst) {
                    connection.farEnded(IncomingCall.How.BYE);
                }
                taken.complete(true);

                assertThat(connection.ended().toCompletableFuture().get(10, TimeUnit.SECONDS))
                        .isEqualTo(new FarLeg.End.Replaced());
            }
        }
    }

    /** A dialog that can be replaced by calling this. */
    private static OutgoingCall at(String place) {
        return (OutgoingCall)
                Proxy.newProxyInstance(
                        OutgoingCall.class.getClassLoader(),
                        new Class<?>[] {OutgoingCall.class},
                        (_, _, _) -> Optional.of(place));
    }

    private static SipConnection assistant(MediaLeg leg) {
        var connection = new SipConnection(leg);
        var _ = new SipAssistantEnd(connection, _ -> PurposeReport.notOffered(""), () -> {});
        return connection;
    }

    private static FarLeg.End endOf(
            SipConnection connection, MediaLeg leg, DatagramSocket far, boolean heard)
            throws Exception {
        connect(leg, far);
        for (int number = 0; heard && !leg.heardFrom(); number++) {
            speaks(far, number, leg);
            TimeUnit.MILLISECONDS.sleep(5);
        }
        connection.farEnded(IncomingCall.How.BYE);
        return connection.ended().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
