package org.consentgateway.media.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import org.consentgateway.media.TextFormat;
import org.junit.jupiter.api.Test;

/** Sender and receiver by the letter of RFC 4103 and RFC 2198, and against each other. */
class T140Test {
    private static final TextFormat REDUNDANT = new TextFormat(98, 100, 2, 30);
    private static final TextFormat PLAIN = new TextFormat(98, -1, 0, 30);
    private static final HexFormat HEX = HexFormat.of();

    private final ByteBuffer packet = ByteBuffer.allocate(2048);
    private final T140Sender sender = new T140Sender();

    private String hex(long nowMillis) {
        int length = sender.write(packet, 12, nowMillis);
        byte[] octets = new byte[length];
        packet.get(12, octets);
        return HEX.formatHex(octets);
    }

    private static String text(String text) {
        return HEX.formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsTypedGoesOutAtOnceAndThenTwiceAgain() {
        sender.agreed(REDUNDANT);
        assertThat(hex(0)).isEmpty();
        sender.queue("Ja");
        assertThat(hex(1000)).isEqualTo("62" + text("Ja"));
        assertThat(sender.marker()).isTrue();
        sender.queue(" é");
        assertThat(hex(1299)).as("text is collected for 300 ms").isEmpty();
        // 1|98, offset 300 ms, 2 octets; then the new block.
        assertThat(hex(1300)).isEqualTo("e204b002" + "62" + text("Ja") + text(" é"));
        assertThat(sender.marker()).isFalse();
        assertThat(hex(1600)).isEqualTo("e2096002" + "e204b003" + "62" + text("Ja") + text(" é"));
        assertThat(hex(1900)).isEqualTo("e2096003" + "e204b000" + "62" + text(" é"));
        assertThat(hex(2200)).as("nothing to say").isEmpty();
        sender.queue("x");
        assertThat(hex(60_000)).isEqualTo("e2fffc00" + "e2fffc00" + "62" + text("x"));
        assertThat(sender.marker()).as("first after a pause").isTrue();
    }

    @Test
    void withoutRedundancyThereIsOnlyTheText() {
        sender.agreed(PLAIN);
        sender.queue("Ja");
        assertThat(hex(0)).isEqualTo(text("Ja"));
        assertThat(hex(300)).isEmpty();
    }

    @Test
    void noMoreThanThePeerTakesInTenSeconds() {
        sender.agreed(new TextFormat(98, -1, 0, 10));
        sender.queue("a".repeat(250));
        int first = 0;
        int second = 0;
        for (long now = 0; now < 20_000; now += 20) {
            int octets = sender.write(packet, 12, now);
            assertThat(octets).isLessThanOrEqualTo(T140Sender.PACKET_CHARACTERS);
            if (now < 10_000) {
                first += octets;
            } else {
                second += octets;
            }
        }
        assertThat(first).isEqualTo(100);
        assertThat(second).isEqualTo(100);
    }

    @Test
    void whatIsForgottenGoesOutNeitherFirstNorAgain() {
        sender.agreed(REDUNDANT);
        sender.queue("a".repeat(100));
        assertThat(hex(0)).isNotEmpty();
        sender.forget();
        for (long now = 20; now < 3000; now += 20) {
            assertThat(hex(now)).isEmpty();
        }
    }

    @Test
    void whatIsSkippedGoesOutNoMoreButWhatWasSentDoesAgain() {
        sender.agreed(REDUNDANT);
        sender.queue("a".repeat(100));
        assertThat(hex(0)).isNotEmpty();
        sender.skip();
        assertThat(hex(300)).endsWith(text("a".repeat(80)));
    }

    @Test
    void whatHasNoRoomIsCountedAndCharactersStayWhole() {
        assertThat(sender.queue("a".repeat(T140Sender.CAPACITY + 7))).isEqualTo(7);
        sender.forget();
        sender.agreed(PLAIN);
        sender.queue("😀".repeat(81));
        assertThat(hex(0)).isEqualTo(text("😀".repeat(80)));
        assertThat(hex(300)).isEqualTo(text("😀"));
    }

    // ------------------------------------------------------------------ reading

    /** What is read of a text if some packets are lost on the way. */
    private String read(TextFormat format, String typed, IntPredicate lost) {
        var writes = new T140Sender();
        var reads = new T140Receiver(format);
        writes.agreed(format);
        var text = new StringBuilder();
        int sequence = 65_530;
        int next = 0;
        for (long now = 0; now < 300L * (typed.length() + 20); now += 20) {
            if (now % 300 == 0 && next < typed.length()) {
                writes.queue(typed.substring(next, ++next));
            }
            int length = writes.write(packet, 12, now);
            if (length > 0 && !lost.test(sequence - 65_530)) {
                int type = format.redundant() ? 100 : 98;
                text.append(reads.packet(sequence & 0xFFFF, type, packet, 12, length, now));
            }
            sequence += length > 0 ? 1 : 0;
            text.append(reads.tick(now));
        }
        return text.toString();
    }

    @Test
    void twoPacketsInARowMayBeLost() {
        String typed = "Einverstanden, aber nicht aufnehmen";
        assertThat(read(REDUNDANT, typed, _ -> false)).isEqualTo(typed);
        assertThat(read(REDUNDANT, typed, i -> i % 3 != 0)).isEqualTo(typed);
        assertThat(read(REDUNDANT, typed, i -> i < 2)).isEqualTo(typed);
        assertThat(read(REDUNDANT, typed, i -> i == 4 || i == 5 || i == 6))
                .as("of three the first is gone")
                .isEqualTo("Einv\uFFFDrstanden, aber nicht aufnehmen");
        assertThat(read(PLAIN, "Nein", i -> i == 1)).isEqualTo("N\uFFFDin");
    }

    private final T140Receiver receiver = new T140Receiver(REDUNDANT);

    private String packet(int sequence, long nowMillis, String hex) {
        byte[] octets = HEX.parseHex(hex);
        packet.put(12, octets);
        return receiver.packet(sequence, 100, packet, 12, octets.length, nowMillis);
    }

    @Test
    void reorderedPacketsAreReadOnceAndInOrder() {
        assertThat(packet(1, 0, "62" + text("a"))).isEqualTo("a");
        assertThat(packet(3, 300, "62" + text("c"))).as("2 may be late").isEmpty();
        assertThat(receiver.tick(700)).isEmpty();
        assertThat(packet(2, 700, "62" + text("b"))).isEqualTo("bc");
        assertThat(packet(2, 800, "62" + text("b"))).isEmpty();
        assertThat(packet(3, 800, "62" + text("c"))).isEmpty();
        assertThat(packet(6, 900, "62" + text("f"))).isEmpty();
        assertThat(packet(5, 950, "62" + text("e"))).isEmpty();
        assertThat(receiver.tick(1399)).isEmpty();
        assertThat(receiver.tick(1400)).isEqualTo("\uFFFDef");
    }

    /** 1|98 with an offset of 300 ms, for each block that is repeated; then the new one. */
    private static String repeating(String oldest, String older, String newest) {
        return "e204b001".repeat(2) + "62" + text(oldest) + text(older) + text(newest);
    }

    @Test
    void whoCountsAnewIsNotReadTwice() {
        assertThat(packet(10, 0, "62" + text("a"))).isEqualTo("a");
        assertThat(packet(11, 300, repeating("?", "a", "b"))).isEqualTo("b");
        assertThat(receiver.restart(true)).as("nothing waited").isEmpty();
        // 40000 waited until 40001 had confirmed it.
        assertThat(packet(40_000, 900, repeating("a", "b", "c"))).isEqualTo("c");
        assertThat(packet(40_001, 900, repeating("b", "c", "d"))).isEqualTo("d");
        assertThat(packet(40_002, 1200, repeating("c", "d", "e"))).isEqualTo("e");
        assertThat(receiver.restart(false)).isEmpty();
        assertThat(packet(7, 1500, repeating("x", "y", "z"))).as("another").isEqualTo("xyz");
    }

    @Test
    void whatStillWaitsWhenTheyCountAnewIsReadAndMarked() {
        assertThat(packet(1, 0, "62" + text("a"))).isEqualTo("a");
        assertThat(packet(5, 300, "62" + text("e"))).isEmpty();
        assertThat(packet(9, 310, "62" + text("i"))).isEmpty();
        assertThat(receiver.restart(true)).isEqualTo("\uFFFDe\uFFFDi");
        assertThat(receiver.tick(2000)).isEmpty();
    }

    @Test
    void theMarkOfTheOrderOfOctetsIsNoText() {
        assertThat(packet(1, 0, "62" + text("\uFEFFja"))).isEqualTo("ja");
    }

    @Test
    void malformedPayloadsAreNone() {
        assertThat(packet(1, 0, "62" + text("a"))).isEqualTo("a");
        int sequence = 1;
        for (String bad :
                List.of(
                        "",
                        "e2",
                        "e204b0",
                        "e204b002",
                        "e204b00262",
                        "e204b00262" + text("J"),
                        "e104b00062" + text("x"),
                        "61" + text("x"),
                        "e2000000".repeat(9) + "62")) {
            assertThat(packet(++sequence, 0, bad)).as(bad).isEmpty();
            assertThat(receiver.malformed()).as(bad).isTrue();
        }
        assertThat(receiver.packet(++sequence, 101, packet, 12, 4, 0)).isEmpty();
        assertThat(receiver.malformed()).as("another type").isTrue();
        assertThat(packet(++sequence, 0, "62" + text("b"))).as("no gap").isEqualTo("b");
        assertThat(receiver.malformed()).isFalse();
    }

    @Test
    void nothingThatComesIsAnExceptionOrGrows() {
        var random = new Random(4103);
        for (int i = 0; i < 200_000; i++) {
            int length = random.nextInt(60);
            for (int at = 0; at < length; at++) {
                packet.put(12 + at, (byte) (random.nextInt(3) == 0 ? 0xE2 : random.nextInt(256)));
            }
            int type = random.nextBoolean() ? 100 : 98;
            int sequence = random.nextInt(1 << 16);
            String read = receiver.packet(sequence, type, packet, 12, length, i);
            String late = receiver.tick(i);
            assertThat(read.length()).isLessThan(3000);
            assertThat(late.length()).isLessThan(3000);
        }
    }

    @Test
    void invalidOctetsAreMarked() {
        assertThat(packet(1, 0, "62" + "ff6a61")).isEqualTo("\uFFFDja");
    }
}
