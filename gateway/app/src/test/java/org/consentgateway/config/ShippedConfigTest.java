package org.consentgateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.consentgateway.settings.GatewayConfig;
import org.junit.jupiter.api.Test;

/** {@code config/gateway.yaml} is the reference: every key, its default, one comment. */
class ShippedConfigTest {
    private static final Path SHIPPED =
            Path.of(System.getProperty("project.root", ".."), "config", "gateway.yaml");

    /** The file is the demonstration; its comment says what the default is. */
    private static final Set<String> NOT_THE_DEFAULT =
            Set.of(
                    "demo.agents",
                    "processing.recipients[0].spoken",
                    "trunks[0].sources",
                    "store.witnesses[0].enabled",
                    "webhooks.endpoints[0].enabled",
                    "experiments[0].enabled",
                    "assistants[0].uri");

    private final List<String> missing = new ArrayList<>();
    private final List<String> otherThanDefault = new ArrayList<>();
    private final List<String> withoutComment = new ArrayList<>();
    private final Set<String> notTheDefault = new HashSet<>();
    private final Texts texts = new Texts(Path.of("home"), GatewayConfig.VALUES);
    private final List<String> lines;
    private final Node.Keys document;

    ShippedConfigTest() throws IOException {
        lines = Files.readAllLines(SHIPPED);
        document =
                (Node.Keys)
                        YamlReader.read(
                                Files.readString(SHIPPED), new Problems(SHIPPED.toString()));
        walk(GatewayConfig.class, document, "");
    }

    @Test
    void everyKeyStandsInTheFile() {
        assertThat(missing).isEmpty();
    }

    @Test
    void everyKeyStandsWithItsDefault() {
        assertThat(otherThanDefault).isEmpty();
        assertThat(notTheDefault).isEqualTo(NOT_THE_DEFAULT);
    }

    @Test
    void everyKeyHasAComment() {
        assertThat(withoutComment).isEmpty();
    }

    private void walk(Class<?> type, Node.Keys keys, String path) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key = SectionType.key(component);
            String at = path.isEmpty() ? key : path + "." + key;
            Node.Member entry = keys.entries().get(key);
            if (entry == null) {
                missing.add(at);
            } else {
                entry(component, entry, at);
            }
        }
    }

    private void entry(RecordComponent component, Node.Member entry, String at) {
        if (component.getType().isRecord() && !texts.reads(component.getType())) {
            walk(component.getType(), (Node.Keys) entry.value(), at);
        } else if (component.getGenericType() instanceof ParameterizedType list
                && list.getRawType() == List.class
                && list.getActualTypeArguments()[0] instanceof Class<?> item
                && item.isRecord()
                && !texts.reads(item)) {
            comment(entry.line(), at);
            Node first = ((Node.Items) entry.value()).nodes().getFirst();
            walk(item, (Node.Keys) first, at + "[0]");
        } else {
            comment(entry.line(), at);
            byDefault(component.getAnnotation(Setting.class), entry.value(), at);
        }
    }

    private void comment(int line, String at) {
        boolean beside = lines.get(line - 1).contains(" # ");
        boolean above = line > 1 && lines.get(line - 2).startsWith("# ");
        if (!beside && !above) {
            withoutComment.add(at);
        }
    }

    private void byDefault(Setting setting, Node given, String at) {
        if (setting.byDefault().equals(Setting.REQUIRED)) {
            return;
        }
        Node byDefault = YamlReader.read(setting.byDefault(), new Problems("default"));
        if (!plain(given).equals(plain(byDefault)) && !isNameInAFirstEntry(at, given)) {
            if (NOT_THE_DEFAULT.contains(at)) {
                notTheDefault.add(at);
            } else {
                otherThanDefault.add(at + ": " + plain(given) + ", not " + plain(byDefault));
            }
        }
    }

    /** A demonstration needs targets: {@code assistant: assistant} stands for "none". */
    private static boolean isNameInAFirstEntry(String at, Node given) {
        return (at.equals("lines[0].assistant") && given instanceof Node.Scalar)
                || (Set.of("lines[0].humans", "lines[0].levels").contains(at)
                        && given instanceof Node.Items);
    }

    private static Object plain(Node node) {
        return switch (node) {
            case Node.Scalar scalar -> scalar.text();
            case Node.Nothing _ -> "";
            case Node.Items items -> items.nodes().stream().map(ShippedConfigTest::plain).toList();
            case Node.Keys keys ->
                    keys.entries().entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + plain(entry.getValue().value()))
                            .toList();
        };
    }
}
