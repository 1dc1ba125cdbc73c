import { usePermissions } from 'react-admin';

/** Why the viewer may not do this; undefined when they may, as everybody may what needs no capability. For `disabledBecause`. */
export function useRefusal(capability: string | undefined): string | undefined {
  const { permissions, isPending } = usePermissions<readonly string[]>();
  if (!capability) return undefined;
  if (isPending) return 'One moment: your rights are being read.';
  return permissions?.includes(capability) ? undefined : 'Your role in this community does not allow this.';
}
