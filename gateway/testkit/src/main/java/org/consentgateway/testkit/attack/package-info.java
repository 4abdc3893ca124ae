/** What attackers do, so that anybody can see what comes of it. */
@NullMarked
package org.consentgateway.testkit.attack;

import org.jspecify.annotations.NullMarked;
