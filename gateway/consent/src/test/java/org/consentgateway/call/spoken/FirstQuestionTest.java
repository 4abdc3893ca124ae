package org.consentgateway.call.spoken;

import static org.assertj.core.api.Assertions.assertThat;

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

    private static String upToChoice(int number, String menu) {
        double share = FirstQuestion.shareOfChoice(menu, number);
        return menu.substring(0, (int) Math.round(share * menu.length()));
    }

    @Test
    void aChoiceIsPutWhenItHasBeenNamed() {
        String menu = "What may it do? 1 is listen. 2 is listen, too, and write. What do you say?";

        assertThat(upToChoice(1, menu)).isEqualTo("What may it do? 1 is listen. ");
        assertThat(upToChoice(2, menu))
                .isEqualTo("What may it do? 1 is listen. 2 is listen, too, and write. ");
        assertThat(upToChoice(3, menu)).as("named nowhere").isEqualTo(menu);
    }

    @Test
    void aNumberAloneNamesNothing() {
        String list = "1. Listen. 2. Write. 12 people work here. 0 is no.";

        assertThat(upToChoice(1, list)).isEqualTo("1. Listen. ");
        assertThat(upToChoice(2, list)).isEqualTo("1. Listen. 2. Write. ");
        assertThat(upToChoice(1, "1 heißt z. B. zuhören. 2 heißt mehr."))
                .isEqualTo("1 heißt z. B. zuhören. ");
        assertThat(upToChoice(1, "Dinlemesi için 1. Yazması için 2. Hangisi?"))
                .isEqualTo("Dinlemesi için 1. ");
        assertThat(upToChoice(1, "12 people work here. Press 1 for yes. Press 2 for no."))
                .isEqualTo("12 people work here. Press 1 for yes. ");
    }
}
