package org.consentgateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.codec.G711;
import org.consentgateway.testkit.timing.RealTimeTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Of whom nothing has ever come; and all who are only silent. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class UnheardPeerTest {
    private static final int SILENCE_MILLIS = 300;

    /** A receiver report of nothing (RFC 3550 §6.4.2), with the name it has to come with. */
    private static final byte[] REPORT =
            HexFormat.of().parseHex("80c900010000000981ca0003000000090104" + "63616c6c0000");

    private final MediaEngine engine =
            TestEngine.on(900, 999, Duration.ofSeconds(1), Duration.ofMillis(SILENCE_MILLIS), 1);

    @AfterEach
    void stop() {
        engine.close();
    }

    private static boolean unheard(MediaLeg leg) {
        return leg.unheard().toCompletableFuture().isDone();
    }

    @RealTimeTest
    void ofWhomNothingEverComesIsUnheardOfAndNobodyElse() throws Exception {
        try (Phone phone = new Phone(G711.PCMA, 9);
                Phone typing = new Phone(G711.PCMA, 10)) {
            MediaLeg nobody = phone.connected(engine);
            MediaLeg talksOnce = phone.connected(engine);
            MediaLeg reports = phone.connected(engine);
            MediaLeg types = phone.connected(engine);
            types.text()
                    .connect(
                            new TextFormat(98, -1, 0, 30),
                            new MediaPeer(
                                    typing.address(),
                                    typing.address(),
                                    MediaPeer.Direction.SENDRECV,
                                    Set.of()));
            MediaLeg held = phone.connected(engine);
            MediaLeg readsOnly = engine.open();
            readsOnly.withoutAudio();
            Phone.await(() -> phone.heard().size() > 20);

            phone.send(false, 8, 160, new byte[160], talksOnce.local());
            phone.send(false, 8, 160, new byte[160], held.local());
            Phone.await(held::heardFrom);
            held.connect(phone.format(), phone.peer(MediaPeer.Direction.SENDONLY));
            typing.send(false, 98, 160, new byte[] {'j', 'a'}, types.text().local());
            InetSocketAddress rtp = reports.local();
            phone.sendRaw(
                    ByteBuffer.wrap(REPORT),
                    new InetSocketAddress(rtp.getAddress(), rtp.getPort() + 1));
            Phone.pause(SILENCE_MILLIS);
            assertThat(unheard(nobody)).as("not before twice the silence").isFalse();
            Phone.await(() -> unheard(nobody));
            Phone.pause(3 * SILENCE_MILLIS);
            assertThat(unheard(talksOnce)).as("it may be silent now").isFalse();
            assertThat(unheard(reports)).as("it is there").isFalse();
            assertThat(unheard(types)).as("it types").isFalse();
            assertThat(unheard(held)).as("it spoke, and is on hold now").isFalse();
            assertThat(unheard(readsOnly)).as("it has no sound").isFalse();
        }
    }

    /** Whoever was joined with them would be in silence for good. */
    @RealTimeTest
    void ofWhomNothingEverComesIsUnheardOfWhateverItSaysThatItSends() throws Exception {
        try (Phone phone = new Phone(G711.PCMA, 9)) {
            MediaLeg inactive = engine.open();
            inactive.connect(phone.format(), phone.peer(MediaPeer.Direction.INACTIVE));
            MediaLeg listens = engine.open();
            listens.connect(phone.format(), phone.peer(MediaPeer.Direction.SENDONLY));
            MediaLeg sendsAllTheSame = engine.open();
            sendsAllTheSame.connect(phone.format(), phone.peer(MediaPeer.Direction.SENDONLY));
            MediaLeg takesTheCallUp = engine.open();
            takesTheCallUp.connect(phone.format(), phone.peer(MediaPeer.Direction.INACTIVE));

            phone.send(false, 8, 160, new byte[160], sendsAllTheSame.local());
            phone.send(false, 8, 160, new byte[160], takesTheCallUp.local()); // locks its source
            Phone.pause(SILENCE_MILLIS);
            assertThat(unheard(inactive)).as("not before twice the silence").isFalse();
            takesTheCallUp.connect(phone.format(), phone.peer());
            Phone.await(() -> {
                phone.send(false, 8, 160, new byte[160], takesTheCallUp.local());
                return takesTheCallUp.heardFrom();
            });
            Phone.await(() -> unheard(inactive));
            Phone.await(() -> unheard(listens));
            Phone.await(() -> unheard(sendsAllTheSame));
            Phone.pause(3 * SILENCE_MILLIS);
            assertThat(unheard(takesTheCallUp)).as("it speaks").isFalse();
        }
    }
}
