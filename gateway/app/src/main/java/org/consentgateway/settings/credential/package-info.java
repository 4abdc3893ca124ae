/** Secrets and certificates that stand in files. */
@NullMarked
package org.consentgateway.settings.credential;

import org.jspecify.annotations.NullMarked;
