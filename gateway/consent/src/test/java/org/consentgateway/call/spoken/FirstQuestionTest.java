package org.consentgateway.call.spoken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FirstQuestionTest {

    private static String upTo(String text) {
        return text.substring(0, (int) Math.round(FirstQuestion.share(text) * text.length()));
    }

    @Test
    void endsWithTheFirstSentenceThatAsks() {
        assertThat(upTo("Darf ich auch mitschreiben? Das hilft uns. Drücken Sie die 1."))
                .isEqualTo("Darf ich auch mitschreiben? ");
        assertThat(upTo("Das habe ich nicht verstanden. Darf ich aufnehmen? Drücken Sie die 1."))
                .isEqualTo("Das habe ich nicht verstanden. Darf ich aufnehmen? ");
    }

    @Test
    void isTheFirstSentenceWhereNoneAsks() {
        assertThat(upTo("Press 1 for yes. Press 2 for no.")).isEqualTo("Press 1 for yes. ");
    }

    @Test
    void isTheWholeOfATextOfOneSentence() {
        assertThat(FirstQuestion.share("May I?")).isEqualTo(1);
        assertThat(FirstQuestion.share("one word")).isEqualTo(1);
        assertThat(FirstQuestion.share("")).isZero();
    }

    @Test
    void knowsTheMarksOfOtherScripts() {
        assertThat(FirstQuestion.share("可以录音吗？请按一。")).isEqualTo(0.6);
    }

    @Test
    void aMenuIsPutWhenItsFirstChoiceWasNamed() {
        String first = "You can choose. 1 is Basic. ";
        String menu = first + "I listen. 2 is Comfort. What do you choose?";
        assertThat(FirstQuestion.shareOfMenu(menu) * menu.length())
                .isCloseTo(first.length(), within(0.001));
        assertThat(FirstQuestion.share(menu)).isEqualTo(1);
    }
}
