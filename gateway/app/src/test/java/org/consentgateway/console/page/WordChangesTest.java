package org.consentgateway.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever reads the marks knows both texts. */
class WordChangesTest {
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    'Darf sie zuhören?',      'Darf sie zuhören?',        'Darf sie zuhören?'
                    'Darf sie zuhören?',      'Darf die KI zuhören?',     'Darf -sie +die KI zuhören?'
                    'Ja oder Nein?',          'Nein?',                    '-Ja oder Nein?'
                    '',                       'Ganz neu.',                '+Ganz neu.'
                    'Ganz weg.',              '',                         '-Ganz weg.'
                    'a b c d',                'b c x d',                  '-a b c +x d'
                    """)
    void whatHasChangedIsMarked(String before, String after, String marked) {
        String told =
                WordChanges.of(before, after).stream()
                        .map(run ->
                                switch (run.kind()) {
                                    case "new" -> "+" + run.text();
                                    case "gone" -> "-" + run.text();
                                    default -> run.text();
                                })
                        .collect(Collectors.joining(" "));

        assertThat(told).isEqualTo(marked);
    }
}
