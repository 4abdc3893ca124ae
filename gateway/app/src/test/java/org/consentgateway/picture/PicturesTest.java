package org.consentgateway.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** Every picture: text stays text, it has a name and words, and nothing depends on colour. */
class PicturesTest {
    private static final String HOSTILE = "</text><script>alert('1')</script>&\"\u0000\uFFFE ä 𝄞";

    private static final RangesPicture.Scale SCALE =
            new RangesPicture.Scale(
                    List.of(1.0, 3.0, 4.5), value -> String.format(Locale.ROOT, "%.1f", value));

    static Stream<String> pictures() {
        return Stream.of(
                distribution(HOSTILE, 3, 5),
                RangesPicture.of(
                        HOSTILE,
                        HOSTILE,
                        List.of(new RangesPicture.Row(HOSTILE, HOSTILE, 3, 4, 4.2, true)),
                        SCALE),
                BarsPicture.of(
                        HOSTILE, HOSTILE, List.of(new BarsPicture.Bar(HOSTILE, HOSTILE, 1)), 2),
                LadderPicture.of(
                        HOSTILE,
                        HOSTILE,
                        List.of(HOSTILE, HOSTILE, HOSTILE),
                        List.of(
                                new LadderPicture.Arrow(HOSTILE, 0, 1, HOSTILE),
                                new LadderPicture.Arrow(HOSTILE, 1, 0, HOSTILE))));
    }

    private static String distribution(String words, double whole, double broken) {
        return DistributionPicture.of(
                words,
                words,
                List.of(
                        new DistributionPicture.Column(words, 0),
                        new DistributionPicture.Column(words, 4)),
                new DistributionPicture.Mark(whole, words),
                new DistributionPicture.Mark(broken, words));
    }

    private static Document parsed(String svg) throws Exception {
        var factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void itIsWellFormedNamedAndTextStaysText(String svg) throws Exception {
        Document document = parsed(svg);
        Element picture = document.getDocumentElement();

        assertThat(document.getElementsByTagName("script").getLength()).isZero();
        assertThat(picture.getAttribute("role")).isEqualTo("img");
        assertThat(document.getElementsByTagName("title").item(0).getTextContent())
                .isEqualTo("</text><script>alert('1')</script>&\" ä 𝄞");
        assertThat(document.getElementsByTagName("desc").getLength()).isOne();
        assertThat(svg).doesNotContain("<script", "style=", " on", "NaN", "Infinity");
    }

    @Test
    void marksAreToldApartWithoutColourAndStayInThePicture() {
        String svg = distribution("a", 1, 99);

        assertThat(svg)
                .contains("class=\"reach\"", "class=\"reach broken\"", "x1=\"480.0\"")
                .containsOnlyOnce("class=\"column\"");
    }

    @Test
    void whatIsBeyondTheScaleStaysAtItsEnd() {
        String svg =
                RangesPicture.of(
                        "a", "b", List.of(new RangesPicture.Row("c", "d", 0, 2, 9, false)), SCALE);

        assertThat(svg).contains("x1=\"24.0\"", "x2=\"456.0\"", "<circle");
    }
}
