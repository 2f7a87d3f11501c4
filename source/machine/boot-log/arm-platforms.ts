/** What the name of an ARM board tells of things that no log line states. */
export interface ArmPlatform {
	readonly name: string;
	/** Found in the machine's name, the command line, the release or the CPU's name. */
	readonly sign: RegExp;
	/** Where RAM begins. */
	readonly ramBase: number;
	/** VMALLOC_END before 3.3 (arch/arm/mach-*, include/mach/vmalloc.h). */
	readonly vmallocEnd?: number;
	/** CONSISTENT_DMA_SIZE in MiB, where it is not 2. */
	readonly consistentDmaMiB?: number;
}

/** Where nothing is known: the commonest values of omap, vexpress and many more. */
export const UNKNOWN_PLATFORM: ArmPlatform = {
	name: 'no platform known here',
	sign: /^$/,
	ramBase: 0x80000000,
	vmallocEnd: 0xf8000000,
};

/** The first that fits counts: vendors' variants stand before the family. */
export const ARM_PLATFORMS: readonly ArmPlatform[] = [
	{ name: 'BCM27xx', sign: /BCM27\d\d|BCM283\d|BCM2711|Raspberry Pi|bcm270[89]/i, ramBase: 0, vmallocEnd: 0xd8000000 },
	{ name: 'i.MX6UL, i.MX7', sign: /i\.?MX ?(?:6UL|6ULL|7)|imx6ul|imx7/i, ramBase: 0x80000000 },
	{
		name: 'i.MX6',
		sign: /i\.?MX ?6|imx6|CuBox-i|HummingBoard|Wandboard|SabreSD|SABRE|reMarkable Prototype/i,
		ramBase: 0x10000000,
		vmallocEnd: 0xf2000000,
		consistentDmaMiB: 184,
	},
	{ name: 'i.MX23, i.MX28', sign: /TX28|M28EVK|MX2[38]|mxs|ttyAM\d/i, ramBase: 0x40000000, vmallocEnd: 0xf4000000 },
	{ name: 'i.MX', sign: /i\.?MX ?\d|\bMX[235]\d|mxc|ttymxc/i, ramBase: 0x80000000, vmallocEnd: 0xf4000000 },
	{
		name: 'Tegra, LG',
		sign: /\bLG[-_ ]?(?:P880|P990|P999|SU660|X3|Star)|\bX3\b/i,
		ramBase: 0x80000000,
		vmallocEnd: 0xfb000000,
		consistentDmaMiB: 14,
	},
	{
		name: 'Tegra',
		sign: /tegra|ventana|cardhu|harmony|transformer/i,
		ramBase: 0x80000000,
		vmallocEnd: 0xf8000000,
		consistentDmaMiB: 14,
	},
	{
		name: 'MSM8x60, Samsung',
		sign: /\b(?:SGH-[IT]\d|SHV-E1[126]0|SC-0[235]D)/,
		ramBase: 0x40200000,
		vmallocEnd: 0xfd000000,
		consistentDmaMiB: 14,
	},
	{
		name: 'MSM8x60',
		sign: /Scorpion-MP|MSM8[26]60/i,
		ramBase: 0x40400000,
		vmallocEnd: 0xfe000000,
		consistentDmaMiB: 14,
	},
	{
		name: 'MSM7x30',
		sign: /Scorpion|MSM7|qcom.*vmalloc=512M/i,
		ramBase: 0x200000,
		vmallocEnd: 0xfa000000,
		consistentDmaMiB: 14,
	},
	{ name: 'MSM8974', sign: /OnePlus One|MSM8974/i, ramBase: 0 },
	{ name: 'MSM, APQ', sign: /qcom|msm|APQ80/i, ramBase: 0x80200000, vmallocEnd: 0xfa000000, consistentDmaMiB: 14 },
	{
		name: 'Kirkwood',
		sign: /GuruPlug|SheevaPlug|DreamPlug|OpenRD|Kirkwood|88F6[12]\d\d|ReadyNAS|QNAP TS|Feroceon 88FR131/i,
		ramBase: 0,
		vmallocEnd: 0xfe800000,
	},
	{ name: 'Dove, Orion', sign: /Dove|CuBox|Orion|Feroceon|PJ4/i, ramBase: 0, vmallocEnd: 0xfd800000 },
	{ name: 'Armada', sign: /Armada|mv78|mvebu/i, ramBase: 0, vmallocEnd: 0xfe000000 },
	{
		name: 'OMAP, AM33xx',
		sign: /OMAP|Beagle|Panda|AM33|RX-51|Nokia N8|ti81\d\d|dm81\d\d|Overo|IGEP|DevKit8000|cm-t35|ttyO\d/i,
		ramBase: 0x80000000,
		vmallocEnd: 0xf8000000,
	},
	{ name: 'S3C24xx', sign: /S3C24|mini2440|MINI2440/i, ramBase: 0x30000000, vmallocEnd: 0xf6000000 },
	{ name: 'S3C64xx', sign: /S3C64|6410/i, ramBase: 0x50000000, vmallocEnd: 0xf6000000 },
	{
		name: 'Exynos, S5P',
		sign: /exynos|S5P|SMDK|ODROID-?[XU]|Arndale|Insignal|universal_c|ttySAC/i,
		ramBase: 0x40000000,
		vmallocEnd: 0xf6000000,
	},
	{ name: 'Amlogic', sign: /amlogic|meson|ODROIDC/i, ramBase: 0 },
	{ name: 'Zynq, SoCFPGA', sign: /zynq|xlnx|Xilinx|Mercury|Terasic|DE10|socfpga|Cyclone/i, ramBase: 0 },
	{ name: 'Allwinner', sign: /sun[4-9]i|Allwinner|Cubie|Banana/i, ramBase: 0x40000000 },
	{ name: 'Rockchip', sign: /rockchip|rk3\d{3}|firefly/i, ramBase: 0x60000000 },
	{ name: 'Northstar', sign: /North ?star|BCM47|BCM5301/i, ramBase: 0 },
	{ name: 'Xen guest', sign: /XENVM/i, ramBase: 0x40000000 },
	{ name: 'MediaTek', sign: /\bMT6\d{3}|MT7623|mediatek/i, ramBase: 0x40000000 },
	{ name: 'MediaTek player', sign: /mt85xx/i, ramBase: 0 },
	{ name: 'Vexpress', sign: /vexpress|Versatile Express/i, ramBase: 0x60000000, vmallocEnd: 0xf8000000 },
	{ name: 'RealView', sign: /realview/i, ramBase: 0, vmallocEnd: 0xf8000000 },
	{ name: 'Versatile', sign: /versatile/i, ramBase: 0, vmallocEnd: 0xd8000000 },
	{ name: 'Integrator', sign: /integrator/i, ramBase: 0, vmallocEnd: 0xd0000000 },
	{ name: 'PXA, SA1100', sign: /pxa|SA1100|collie|zaurus/i, ramBase: 0xa0000000, vmallocEnd: 0xe8000000 },
	{ name: 'AT91', sign: /at91|sama5|atmel/i, ramBase: 0x20000000, vmallocEnd: 0xfee00000 },
	{ name: 'IXP4xx', sign: /ixp4/i, ramBase: 0, vmallocEnd: 0xff000000 },
	{ name: 'EP93xx, U300', sign: /ep93|u300/i, ramBase: 0xc0000000, vmallocEnd: 0xfe800000 },
	{
		name: 'SPEAr, Gemini, LPC32xx',
		sign: /spear|gemini|lpc32|ux500|U8500|snowball/i,
		ramBase: 0,
		vmallocEnd: 0xf0000000,
	},
	{ name: 'HiSilicon', sign: /hi35|hisilicon/i, ramBase: 0x80000000, vmallocEnd: 0xfe000000 },
	{ name: 'MMP, IOP', sign: /\bmmp|iop3/i, ramBase: 0, vmallocEnd: 0xfe000000 },
	{ name: 'DaVinci', sign: /davinci|DM3[56]\d|DM644|da850/i, ramBase: 0x80000000, vmallocEnd: 0xfea00000 },
	{ name: 'NUC9xx', sign: /nuc9|w90p|w55fa/i, ramBase: 0, vmallocEnd: 0xe0000000 },
	{ name: 'CNS3xxx', sign: /cns3/i, ramBase: 0, vmallocEnd: 0xd8000000 },
	{ name: 'generic virtual machine', sign: /linux,dummy-virt/i, ramBase: 0x40000000 },
];
