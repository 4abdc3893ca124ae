/** Whom we dial: assistants, people, and those a call is handed to. */
@NullMarked
package org.consentgateway.target;

import org.jspecify.annotations.NullMarked;
