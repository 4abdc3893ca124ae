package org.consentgateway.testkit.attack;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whom an attack is on, and how hard it is. Immutable.
 *
 * @param gateway where it speaks SIP over UDP
 * @param from an address of one of its trunks that is one of this machine, too
 * @param line a number that it answers
 * @param bystander an address of this machine that is no trunk's
 * @param perSecond messages of an attack
 * @param method of a flood
 * @param octets of a message, about
 * @param acknowledge whether calls are acknowledged
 */
record Target(
        InetSocketAddress gateway,
        String from,
        String line,
        String bystander,
        int seconds,
        int perSecond,
        String method,
        int octets,
        boolean acknowledge) {

    private static final Map<String, String> DEFAULTS =
            Map.of(
                    "--gateway", "127.0.0.1:5060",
                    "--from", "127.0.0.1",
                    "--line", "+4930123456",
                    "--bystander", "127.0.0.9",
                    "--seconds", "10",
                    "--rate", "20",
                    "--method", "OPTIONS",
                    "--octets", "500",
                    "--acknowledge", "no");

    /**
     * @throws IllegalArgumentException where an option is unknown or has no value
     */
    static Target of(List<String> options) {
        Map<String, String> told = new HashMap<>(DEFAULTS);
        for (int i = 0; i < options.size(); i += 2) {
            if (!DEFAULTS.containsKey(options.get(i)) || i + 1 == options.size()) {
                throw new IllegalArgumentException(options.get(i));
            }
            told.put(options.get(i), options.get(i + 1));
        }
        String gateway = told.getOrDefault("--gateway", "");
        int colon = gateway.lastIndexOf(':');
        return new Target(
                new InetSocketAddress(
                        InetAddress.ofLiteral(gateway.substring(0, colon)),
                        Integer.parseInt(gateway.substring(colon + 1))),
                told.getOrDefault("--from", ""),
                told.getOrDefault("--line", ""),
                told.getOrDefault("--bystander", ""),
                Integer.parseInt(told.getOrDefault("--seconds", "")),
                Integer.parseInt(told.getOrDefault("--rate", "")),
                told.getOrDefault("--method", ""),
                Integer.parseInt(told.getOrDefault("--octets", "")),
                told.getOrDefault("--acknowledge", "").equals("yes"));
    }
}
