package org.consentgateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.codec.G711;
import org.consentgateway.testkit.timing.RealTimeTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Whose sound and reports both end, and who is only silent. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class FellSilentTest {
    private static final int SILENCE_MILLIS = 300;

    /** Between two reports. */
    private static final int REPORT_MILLIS = 100;

    /** A receiver report of nothing (RFC 3550 §6.4.2), with the name it has to come with. */
    private static final byte[] REPORT =
            HexFormat.of().parseHex("80c900010000000981ca0003000000090104" + "63616c6c0000");

    private final MediaEngine engine =
            TestEngine.on(1000, 1099, Duration.ofSeconds(1), Duration.ofMillis(SILENCE_MILLIS), 1);

    @AfterEach
    void stop() {
        engine.close();
    }

    private static boolean isSilent(MediaLeg leg) {
        return leg.fellSilent().toCompletableFuture().isDone();
    }

    private static void speaks(Phone phone, MediaLeg to) {
        phone.send(false, 8, 160, new byte[160], to.local());
    }

    /** With its sound (RFC 5761), so that all of it comes from one port. */
    private static void reports(Phone phone, MediaLeg to) {
        phone.sendRaw(ByteBuffer.wrap(REPORT), to.local());
    }

    @RealTimeTest
    void whoReportedAndSpokeAndDoesNeitherAnyMoreHasFallenSilentAndNobodyElse() throws Exception {
        try (Phone phone = new Phone(G711.PCMA, 9)) {
            MediaLeg gone = phone.connected(engine);
            MediaLeg onlySpeaks = phone.connected(engine);
            MediaLeg reportsOn = phone.connected(engine);
            MediaLeg held = phone.connected(engine);
            for (int i = 0; i < 6; i++) {
                for (MediaLeg leg : List.of(gone, onlySpeaks, reportsOn, held)) {
                    speaks(phone, leg);
                }
                for (MediaLeg leg : List.of(gone, reportsOn, held)) {
                    reports(phone, leg);
                }
                Phone.pause(REPORT_MILLIS);
            }
            held.connect(phone.format(), phone.peer(MediaPeer.Direction.SENDONLY));
            Phone.pause(SILENCE_MILLIS);
            assertThat(isSilent(gone)).as("not before twice the silence").isFalse();
            for (int i = 0; i < 20 && !isSilent(gone); i++) {
                reports(phone, reportsOn);
                Phone.pause(REPORT_MILLIS);
            }
            assertThat(isSilent(gone)).isTrue();
            for (int i = 0; i < 10; i++) {
                reports(phone, reportsOn);
                Phone.pause(REPORT_MILLIS);
            }
            assertThat(isSilent(onlySpeaks)).as("its silence says nothing").isFalse();
            assertThat(isSilent(reportsOn)).as("it is there").isFalse();
            assertThat(isSilent(held)).as("it said that it sends nothing").isFalse();
        }
    }

    /** Text is offered to everybody whose caller has it; who refuses it types nothing. */
    @RealTimeTest
    void whoWasOfferedTextHasFallenSilentUnlessItAgreedToIt() throws Exception {
        try (Phone phone = new Phone(G711.PCMA, 9)) {
            MediaLeg refused = phone.connected(engine);
            MediaLeg types = phone.connected(engine);
            refused.text();
            types.text().connect(new TextFormat(98, -1, 0, 30), phone.peer());
            for (int i = 0; i < 6; i++) {
                for (MediaLeg leg : List.of(refused, types)) {
                    speaks(phone, leg);
                    reports(phone, leg);
                }
                Phone.pause(REPORT_MILLIS);
            }
            for (int i = 0; i < 30 && !isSilent(refused); i++) {
                Phone.pause(REPORT_MILLIS);
            }
            assertThat(isSilent(refused)).isTrue();
            Phone.pause(SILENCE_MILLIS);
            assertThat(isSilent(types)).as("it may read and type").isFalse();
        }
    }

    /** An exchange has passed the call on, to somebody who sends no reports. */
    @RealTimeTest
    void whoTakesThePlaceOfOneThatReportedMayBeSilent() throws Exception {
        try (Phone phone = new Phone(G711.PCMA, 9)) {
            MediaLeg leg = phone.connected(engine);
            for (int i = 0; i < 6; i++) {
                speaks(phone, leg);
                reports(phone, leg);
                Phone.pause(REPORT_MILLIS);
            }
            for (int i = 0; i < 3; i++) {
                reports(phone, leg);
                Phone.pause(REPORT_MILLIS);
            }
            phone.becomesAnother();
            for (int i = 0; i < 8; i++) {
                speaks(phone, leg);
                Phone.pause(10);
            }
            Phone.pause(4 * SILENCE_MILLIS);
            assertThat(isSilent(leg)).isFalse();
        }
    }
}
