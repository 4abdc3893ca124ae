package org.consentgateway.proof.desk;

import java.util.regex.Pattern;

/** Words that outlive the erasure of the one they are about: no telephone number stands in them. */
public final class NamesNobody {
    /** + or 0, then at least six digits, however they are set apart. */
    private static final Pattern TELEPHONE =
            Pattern.compile("(?<![0-9])[+0][ ()/-]*(?:[0-9][ ()/-]*){6}");

    private NamesNobody() {}

    public static boolean isTrueOf(String text) {
        return !TELEPHONE.matcher(text).find();
    }
}
