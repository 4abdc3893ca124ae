package org.consentgateway.sip.message;

import java.util.List;

/** The methods of the SIP family (IANA registry), and those of them we serve. */
public final class Methods {
    public static final List<String> ALLOWED =
            List.of(
                    "INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "UPDATE", "INFO", "PRACK",
                    "NOTIFY");
    public static final List<String> KNOWN =
            List.of(
                    "INVITE",
                    "ACK",
                    "CANCEL",
                    "BYE",
                    "OPTIONS",
                    "UPDATE",
                    "INFO",
                    "PRACK",
                    "REGISTER",
                    "REFER",
                    "SUBSCRIBE",
                    "NOTIFY",
                    "MESSAGE",
                    "PUBLISH");

    private Methods() {}
}
