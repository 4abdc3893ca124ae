package org.consentgateway.sip.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class AcceptedLanguagesTest {
    @Test
    void theBestComesFirst() {
        assertThat(AcceptedLanguages.of(List.of("en;q=0.7", "de-AT, tr;q=0.9")))
                .containsExactly("de", "tr", "en");
    }

    @Test
    void whatIsNotWantedOrNoLanguageIsNotThere() {
        assertThat(AcceptedLanguages.of(List.of("en;q=0, *;q=0.1, de"))).containsExactly("de");
        assertThat(AcceptedLanguages.of(List.of())).isEmpty();
    }

    @Test
    void whatIsMalformedAsksForNothing() {
        assertThat(AcceptedLanguages.of(List.of("de;q=two"))).isEmpty();
        assertThat(AcceptedLanguages.of(List.of(";;,,"))).isEmpty();
    }

    @Test
    void nobodyAsksForMoreThanEight() {
        var many = Collections.nCopies(40, "aa,bb,cc,dd,ee,ff,gg,hh,ii,jj,kk");

        assertThat(AcceptedLanguages.of(many)).hasSizeLessThanOrEqualTo(8);
    }
}
