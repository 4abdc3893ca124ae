package org.consentgateway.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class IntervalsPictureTest {
    private static final String HOSTILE = "</text><script>alert('1')</script>&\"\u0000\uFFFE ä 𝄞";

    private static String picture(String label) {
        return IntervalsPicture.of(
                label,
                label,
                List.of(
                        new IntervalsPicture.Row(label, 0.7, 0.65, 0.75, false),
                        new IntervalsPicture.Row("b", 0.8, 0.7, 0.9, true)),
                value -> String.format(Locale.ROOT, "%.0f %%", 100 * value));
    }

    private static Document parsed(String svg) throws Exception {
        var factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    @Test
    void itIsWellFormedAndTextStaysText() throws Exception {
        Document document = parsed(picture(HOSTILE));

        assertThat(document.getElementsByTagName("script").getLength()).isZero();
        assertThat(document.getElementsByTagName("title").item(0).getTextContent())
                .isEqualTo("</text><script>alert('1')</script>&\" ä 𝄞");
        assertThat(picture(HOSTILE)).doesNotContain("<script", "style=", " on");
    }

    @Test
    void itIsNamedAndReadableWithoutColour() throws Exception {
        Document document = parsed(picture("a"));
        Element svg = document.getDocumentElement();

        assertThat(svg.getAttribute("role")).isEqualTo("img");
        assertThat(document.getElementsByTagName("desc").getLength()).isOne();
        assertThat(document.getElementsByTagName("circle").getLength()).isOne();
        assertThat(document.getElementsByTagName("rect").getLength()).isOne();
    }

    @Test
    void whereAllIsTheSameItIsStillDrawn() throws Exception {
        String svg =
                IntervalsPicture.of(
                        "a",
                        "a",
                        List.of(new IntervalsPicture.Row("a", 1, 1, 1, false)),
                        String::valueOf);

        assertThat(parsed(svg)).isNotNull();
        assertThat(svg).doesNotContain("NaN", "Infinity");
    }
}
