package org.consentgateway.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.UUID;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.token.Grants;
import org.junit.jupiter.api.Test;

class CallerShownTest {
    private static final CallerShown PSEUDONYM = CallerShown.parse("pseudonym");
    private static final CallerShown WITH_TRANSCRIPT = CallerShown.parse("with-purpose transcript");

    private static final DurableGrant GRANT =
            Grants.of(UUID.randomUUID(), Purpose.ASSISTANT, Purpose.TRANSCRIPT);

    private static CallFacts facts(boolean present, boolean clir, boolean asserted) {
        return new CallFacts(UUID.randomUUID(), "", "t", "l", null, null, present, clir, asserted);
    }

    private static final CallFacts KNOWN = facts(true, false, true);

    @Test
    void eachAssistantLearnsWhatIsConfiguredForIt() {
        assertThat(CallerShown.parse("never").showsPseudonym(KNOWN)).isFalse();
        assertThat(CallerShown.parse("never").showsNumber(KNOWN, GRANT)).isFalse();
        assertThat(PSEUDONYM.showsPseudonym(KNOWN)).isTrue();
        assertThat(PSEUDONYM.showsNumber(KNOWN, GRANT)).isFalse();
        assertThat(WITH_TRANSCRIPT.showsNumber(KNOWN, GRANT)).isTrue();
        assertThat(WITH_TRANSCRIPT.showsPseudonym(KNOWN)).isFalse();
    }

    @Test
    void whoDidNotAgreeToThePurposeIsNotShown() {
        DurableGrant less = Grants.of(UUID.randomUUID(), Purpose.ASSISTANT);

        assertThat(WITH_TRANSCRIPT.showsNumber(KNOWN, less)).isFalse();
    }

    @Test
    void nothingIsShownOfWhoWithholdsTheNumber() {
        assertThat(PSEUDONYM.showsPseudonym(facts(true, true, true))).isFalse();
        assertThat(WITH_TRANSCRIPT.showsNumber(facts(true, true, true), GRANT)).isFalse();
    }

    @Test
    void nothingIsShownOfANumberThatNobodyVouchesForOrOfNone() {
        assertThat(PSEUDONYM.showsPseudonym(facts(true, false, false))).isFalse();
        assertThat(WITH_TRANSCRIPT.showsNumber(facts(true, false, false), GRANT)).isFalse();
        assertThat(PSEUDONYM.showsPseudonym(facts(false, false, true))).isFalse();
    }

    @Test
    void anythingElseIsNoSetting() {
        for (String wrong : new String[] {"always", "with-purpose", "with-purpose ", "Pseudonym"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> CallerShown.parse(wrong));
        }
    }
}
