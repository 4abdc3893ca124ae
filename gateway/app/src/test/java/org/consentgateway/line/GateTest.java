package org.consentgateway.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.Notified;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.Validity;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.consent.journal.JournalStore;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.journal.LateJournal;
import org.consentgateway.consent.journal.LogPosition;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaSettings;
import org.consentgateway.target.FarLeg;
import org.consentgateway.testkit.RtpPorts;
import org.junit.jupiter.api.Test;

/** What the types cannot say: of which call the proof is. */
class GateTest {
    private static final Instant NOW = Instant.EPOCH;
    private static final Level BASIS =
            Level.of(
                    "basis",
                    List.of(Purpose.ASSISTANT),
                    new Validity.ThisCall(),
                    Period.ofYears(3),
                    false);

    @Test
    void theGateOpensForAGrantOfThisVeryCallAlone() throws Exception {
        CallFacts here = call();
        DurableGrant ours = granted(here);
        DurableGrant ofAnotherCall = granted(call());
        try (MediaEngine media = media();
                MediaLeg caller = media.open();
                MediaLeg far = media.open(caller)) {
            var gate = new Gate(media, new KeptBack(clip -> caller.play(List.of(clip), false)));
            var assistant = new Answered(far);

            assertThatIllegalStateException()
                    .isThrownBy(() -> gate.open(caller, assistant, ofAnotherCall, here));
            try (CuttableBridge open = gate.open(caller, assistant, ours, here)) {
                assertThat(open).isNotNull();
            }
        }
    }

    private static MediaEngine media() {
        return MediaEngine.start(
                new MediaSettings(
                        InetAddress.getLoopbackAddress(),
                        RtpPorts.GATEWAY,
                        RtpPorts.GATEWAY + 7,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        1));
    }

    private static CallFacts call() {
        return new CallFacts(UUID.randomUUID(), "", "trunk", "line", NOW, null, false, true, false);
    }

    private static DurableGrant granted(CallFacts call) throws JournalUnavailable {
        var journal =
                new ConsentJournal(
                        new Anything(), new Anything(), Duration.ofSeconds(1), UUID::randomUUID);
        return journal.give(
                new ConsentRecord.Given(
                        UUID.randomUUID(),
                        NOW,
                        call,
                        new NoticeRef(
                                "demo", "1", "de", "a", "", "", new Notice.Controller("", "", "")),
                        new Grant(BASIS, NOW, null, null, List.of()),
                        null));
    }

    /** Takes everything and keeps nothing. */
    private static final class Anything implements JournalStore, LateJournal {
        @Override
        public LogPosition append(List<ConsentRecord> records, Duration deadline) {
            return new LogPosition("test", 0);
        }

        @Override
        public List<ConsentRecord> history(Subject subject, String lineage, Duration deadline) {
            return List.of();
        }

        @Override
        public List<ConsentRecord> history(Subject subject, Duration deadline) {
            return List.of();
        }

        @Override
        public boolean keep(ConsentRecord record) {
            return true;
        }

        @Override
        public List<ConsentRecord> kept() {
            return List.of();
        }

        @Override
        public void forget(ConsentRecord record) {}
    }

    private static final class Answered extends AssistantEnd implements FarLeg {
        private final MediaLeg leg;

        Answered(MediaLeg leg) {
            this.leg = leg;
        }

        @Override
        public MediaLeg leg() {
            return leg;
        }

        @Override
        public CompletionStage<FarLeg.End> ended() {
            return new CompletableFuture<>();
        }

        @Override
        public void referred(boolean reached) {}

        @Override
        public CompletionStage<Notified> consentEnded(EndOfConsent end) {
            return new CompletableFuture<>();
        }

        @Override
        public void hangUp(Ending why) {}
    }
}
