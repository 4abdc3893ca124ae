package org.consentgateway.ledger.server;

/**
 * The servers that an address of PostgreSQL's driver names ({@code jdbc:postgresql://a:5432,b}).
 */
public final class ServerAddresses {
    private static final String BEGIN = "//";

    private ServerAddresses() {}

    /** How many there are; one where the address names none, which is this machine. */
    public static int count(String url) {
        int begin = url.indexOf(BEGIN);
        if (begin < 0) {
            return 1;
        }
        String rest = url.substring(begin + BEGIN.length());
        int end = rest.indexOf('/');
        String hosts = end < 0 ? rest : rest.substring(0, end);
        return (int) hosts.chars().filter(one -> one == ',').count() + 1;
    }
}
