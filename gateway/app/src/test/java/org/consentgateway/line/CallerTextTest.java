package org.consentgateway.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Notice;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.TextFormat;
import org.consentgateway.media.TextLeg;
import org.consentgateway.media.TextListener;
import org.consentgateway.sip.sdp.AgreedMedia;
import org.junit.jupiter.api.Test;

class CallerTextTest {
    private static final InetSocketAddress THERE =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 20_000);

    private static final Notice NOTICE =
            new Notice(
                    "demo",
                    "1",
                    "de",
                    "a",
                    1,
                    LocalDate.EPOCH,
                    false,
                    new Notice.Controller("", "", Notice.Controller.DEFAULT_COUNTRY),
                    Period.ofMonths(1),
                    Map.of(),
                    Map.of("opening", "Guten Tag.", "question", "Einverstanden?"),
                    "",
                    "");

    private final Sent sent = new Sent();
    private final Inbox inbox = new Inbox();
    private final KeyTrail keys = new KeyTrail();
    private final CallerText text =
            new CallerText(new VirtualLeg(_ -> {}, sent), UnaryOperator.identity(), inbox, keys);

    private void shows(String part) {
        text.show(List.of(), Utterance.of(NOTICE, part));
    }

    /** What was shown before may still be said to have gone out once it is forgotten. */
    @Test
    void aQuestionIsReadableWhenItHasGoneOutItselfAndNotWhatWasShownBefore() {
        assertThat(text.open()).isEqualTo(THERE);
        text.agreed(
                new AgreedMedia.TextStream(
                        new TextFormat(98, -1, 0, 30),
                        new MediaPeer(THERE, THERE, MediaPeer.Direction.SENDRECV, Set.of())),
                true);
        shows("opening");
        shows("question");
        sent.all.getFirst().complete(1000L);
        assertThat(text.readable(1500)).as("the question waits").isFalse();
        sent.all.getLast().complete(2000L);
        assertThat(text.readable(1500)).isFalse();
        assertThat(text.readable(2500)).isTrue();
    }

    /**
     * Text comes in blocks of 300 ms (RFC 4103): the last key may come with the end of the line.
     */
    @Test
    void whoTakesBackALineAndTypesTheKeysThatWithdrawHasWithdrawn() {
        keys.watch(new WithdrawalWatch("*9", (_, _) -> false, inbox));
        text.text("x", seconds(1));
        text.look(seconds(3));
        text.text("\b", seconds(4));
        text.text("*", seconds(4));
        text.text("9\r\n", seconds(4));

        assertThat(told()).contains(new Happening.Withdrew(Method.TEXT, seconds(4), null));
    }

    private static long seconds(long count) {
        return TimeUnit.SECONDS.toNanos(count);
    }

    private List<Happening> told() {
        List<Happening> all = new ArrayList<>();
        for (Happening next = inbox.take(0); next != null; next = inbox.take(0)) {
            all.add(next);
        }
        return all;
    }

    /** Says when something has gone out where the test says so. */
    private static final class Sent implements TextLeg {
        private final List<CompletableFuture<Long>> all = new ArrayList<>();

        @Override
        public InetSocketAddress local() {
            return THERE;
        }

        @Override
        public void connect(TextFormat format, MediaPeer peer) {}

        @Override
        public void disconnect() {}

        @Override
        public void listen(TextListener listener) {}

        @Override
        public CompletionStage<Long> send(String text) {
            var one = new CompletableFuture<Long>();
            all.add(one);
            return one;
        }

        @Override
        public void forget() {}

        @Override
        public boolean reachable() {
            return true;
        }
    }
}
