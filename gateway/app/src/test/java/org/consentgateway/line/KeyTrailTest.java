package org.consentgateway.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Method;
import org.junit.jupiter.api.Test;

class KeyTrailTest {
    private static final CompletionStage<Long> CUT_AT = CompletableFuture.completedStage(42L);

    private final Inbox inbox = new Inbox();
    private final KeyTrail trail = new KeyTrail();
    private final WithdrawalWatch watch = new WithdrawalWatch("*9", (_, _) -> false, inbox);

    KeyTrailTest() {
        assertThat(watch.flows(() -> CUT_AT)).isTrue();
    }

    @Test
    void keysPressedBeforeSomebodyWatchesCount() {
        trail.pressed('*', 1);
        trail.pressed('9', 2);
        trail.watch(watch);

        assertThat(inbox.take(0)).isEqualTo(new Happening.Withdrew(Method.KEY, 2, CUT_AT));
    }

    @Test
    void keysPressedBeforeAndWhileSomebodyWatchesCountTogether() {
        trail.pressed('*', 1);
        trail.watch(watch);
        assertThat(inbox.take(0)).isNull();
        trail.pressed('9', 2);

        assertThat(inbox.take(0)).isEqualTo(new Happening.Withdrew(Method.KEY, 2, CUT_AT));
    }

    @Test
    void aConsentThatEndedElsewhereBeforeSomebodyWatchesHasEnded() {
        trail.elsewhere(EndOfConsent.How.ERASED, 3);
        trail.watch(watch);

        assertThat(inbox.take(0))
                .isEqualTo(new Happening.EndedElsewhere(EndOfConsent.How.ERASED, 3, CUT_AT));
    }

    /** The end elsewhere may have been that of one purpose: the consent itself holds on. */
    @Test
    void aWithdrawalBehindAnEndElsewhereIsToldToWhoeverWatchesNext() {
        trail.elsewhere(EndOfConsent.How.WITHDRAWN, 3);
        trail.watch(watch);
        trail.pressed('*', 4);
        trail.pressed('9', 5);

        assertThat(inbox.take(0)).isInstanceOf(Happening.EndedElsewhere.class);
        assertThat(inbox.take(0))
                .as("what flowed was cut by the first")
                .isEqualTo(new Happening.Withdrew(Method.KEY, 5, null));
        assertThat(inbox.take(0)).isNull();
    }

    @Test
    void keysThatAnsweredAQuestionWithdrawNothing() {
        trail.pressed('*', 1);
        trail.clear();
        trail.watch(watch);
        trail.pressed('9', 2);

        assertThat(inbox.take(0)).isNull();
    }

    @Test
    void whoWatchesNoMoreIsToldNothing() {
        trail.watch(watch);
        trail.watch(null);
        trail.pressed('*', 1);
        trail.pressed('9', 2);
        trail.elsewhere(EndOfConsent.How.ERASED, 3);

        assertThat(inbox.take(0)).isNull();
    }
}
