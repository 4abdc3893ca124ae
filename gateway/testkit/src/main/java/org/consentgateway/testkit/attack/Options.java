package org.consentgateway.testkit.attack;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What was said, and what is meant where nothing was. Immutable. */
final class Options {
    private static final Map<String, String> USUAL =
            Map.ofEntries(
                    Map.entry("--gateway", "127.0.0.1:5060"),
                    Map.entry("--by", ""),
                    Map.entry("--honest", ""),
                    Map.entry("--honest-from", ""),
                    Map.entry("--to", ""),
                    Map.entry("--from", "127.0.0.1"),
                    Map.entry("--line", "+4930123456"),
                    Map.entry("--bystander", "127.0.0.9"),
                    Map.entry("--listen", "127.0.0.1:5075"),
                    Map.entry("--certificate", ""),
                    Map.entry("--key", ""),
                    Map.entry("--media", "rtp"),
                    Map.entry("--seconds", "10"),
                    Map.entry("--rate", "20"),
                    Map.entry("--method", "OPTIONS"),
                    Map.entry("--octets", "500"),
                    Map.entry("--values", "0"),
                    Map.entry("--header", "Accept"),
                    Map.entry("--body", "0"),
                    Map.entry("--lines", "a"),
                    Map.entry("--calls", "3"),
                    Map.entry("--state", "established"),
                    Map.entry("--until", "hello"),
                    Map.entry("--acknowledge", "no"),
                    Map.entry("--metrics", ""));

    /** As soon as one address is of IPv6. A machine has no second one there by itself. */
    private static final Map<String, String> BY_IPV6 =
            Map.of(
                    "--gateway", "[::1]:5060",
                    "--from", "::1",
                    "--bystander", "",
                    "--listen", "[::1]:5075");

    private static final List<String> ADDRESSES =
            List.of(
                    "--gateway",
                    "--by",
                    "--honest",
                    "--honest-from",
                    "--from",
                    "--bystander",
                    "--listen");

    private final Map<String, String> values = new HashMap<>(USUAL);

    private Options() {}

    /**
     * @param words options, each with its value behind it
     * @throws IllegalArgumentException says what would be right
     */
    static Options of(List<String> words) {
        Map<String, String> told = new HashMap<>();
        for (int i = 0; i < words.size(); i += 2) {
            if (!USUAL.containsKey(words.get(i)) || i + 1 == words.size()) {
                throw new IllegalArgumentException(
                        words.get(i) + ": no option, or one without a value; see --help");
            }
            told.put(words.get(i), words.get(i + 1));
        }
        boolean six =
                told.keySet().stream()
                        .filter(ADDRESSES::contains)
                        .flatMap(option -> addresses(option, told.getOrDefault(option, "")))
                        .anyMatch(Ip::isSix);
        Options all = new Options();
        if (six) {
            all.values.putAll(BY_IPV6);
        }
        all.values.putAll(told);
        all.areOfOneKind(six);
        return all;
    }

    private void areOfOneKind(boolean six) {
        for (String option : ADDRESSES) {
            if (addresses(option, text(option)).anyMatch(each -> Ip.isSix(each) != six)) {
                throw new IllegalArgumentException(
                        option
                                + " "
                                + text(option)
                                + " is of IPv4, and another address of IPv6: an attack comes by"
                                + " one of them; for IPv6 write --gateway '[::1]:5060' --from"
                                + " ::1");
            }
        }
    }

    private static Stream<InetAddress> addresses(String option, String value) {
        if (value.isEmpty()) {
            return Stream.empty();
        }
        return switch (option) {
            case "--by", "--honest" -> Stream.of(address(where(value)).getAddress());
            case "--gateway", "--listen" -> Stream.of(address(value).getAddress());
            default -> Stream.of(value.split(",", -1)).map(InetAddress::ofLiteral);
        };
    }

    String text(String option) {
        return values.getOrDefault(option, "");
    }

    int number(String option) {
        return Integer.parseInt(text(option));
    }

    /** Several, with commas between them. */
    List<String> list(String option) {
        return List.of(text(option).split(",", -1));
    }

    InetSocketAddress at(String option) {
        return address(text(option));
    }

    /** What stands behind the transport. */
    private static String where(String way) {
        return way.substring(way.indexOf(':') + 1);
    }

    /** Of {@code tls:127.0.0.1:5061}. */
    static InetSocketAddress addressOfWay(String way) {
        return address(where(way));
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, Math.max(0, colon));
        if (host.isEmpty() || host.contains(":") != host.startsWith("[")) {
            throw new IllegalArgumentException(
                    text + ": write 127.0.0.1:5060, or for IPv6 [::1]:5060");
        }
        return new InetSocketAddress(
                InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")),
                Integer.parseInt(text.substring(colon + 1)));
    }
}
