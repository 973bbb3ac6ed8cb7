OPENQASM 2.0;
include "qelib1.inc";

gate v vq0 {
u3(0.5*pi,1.5*pi,0.5*pi) vq0;
}
gate vdg vdgq0 {
u3(3.5*pi,1.5*pi,0.5*pi) vdgq0;
}
gate cv cvq0,cvq1 {
u3(0.25*pi,1.5*pi,0.5*pi) cvq1;
u3(0.5*pi,0.0*pi,1.0*pi) cvq1;
cx cvq0,cvq1;
u3(0.5*pi,0.0*pi,1.0*pi) cvq1;
u3(3.75*pi,1.5*pi,0.5*pi) cvq1;
u3(0.5*pi,0.0*pi,1.0*pi) cvq1;
cx cvq0,cvq1;
u3(0.5*pi,0.0*pi,1.0*pi) cvq1;
}
gate cs csq0,csq1 {
u3(0.0*pi,1.5*pi,0.75*pi) csq0;
cx csq0,csq1;
u3(0.0*pi,1.5*pi,0.25*pi) csq1;
cx csq0,csq1;
u3(0.0*pi,1.5*pi,0.75*pi) csq1;
}
gate yyphase (param0) yyphaseq0,yyphaseq1 {
u3(0.0*pi,1.5*pi,0.0*pi) yyphaseq0;
cx yyphaseq1,yyphaseq0;
u3((param0/pi)*pi,0.0*pi,0.0*pi) yyphaseq1;
cx yyphaseq1,yyphaseq0;
u3(0.0*pi,1.5*pi,1.0*pi) yyphaseq0;
}
gate zzmax zzmaxq0,zzmaxq1 {
u3(0.0*pi,1.5*pi,1.0*pi) zzmaxq0;
u3(0.5*pi,0.0*pi,0.0*pi) zzmaxq1;
cx zzmaxq0,zzmaxq1;
u3(0.5*pi,1.5*pi,1.0*pi) zzmaxq1;
}
gate iswapmax iswapmaxq0,iswapmaxq1 {
u3(0.5*pi,1.5*pi,0.5*pi) iswapmaxq0;
u3(0.5*pi,1.5*pi,0.5*pi) iswapmaxq1;
cx iswapmaxq0,iswapmaxq1;
u3(3.5*pi,1.5*pi,0.5*pi) iswapmaxq0;
u3(0.0*pi,1.5*pi,0.0*pi) iswapmaxq1;
cx iswapmaxq0,iswapmaxq1;
u3(3.5*pi,1.5*pi,0.5*pi) iswapmaxq0;
u3(3.5*pi,1.5*pi,0.5*pi) iswapmaxq1;
}
gate iswap (param0) iswapq0,iswapq1 {
u3(0.5*pi,1.5*pi,0.5*pi) iswapq0;
u3(0.5*pi,1.5*pi,0.5*pi) iswapq1;
cx iswapq0,iswapq1;
u3((-0.5*param0/pi)*pi,1.5*pi,0.5*pi) iswapq0;
u3(0.0*pi,1.5*pi,(0.5 - 0.5*param0/pi)*pi) iswapq1;
cx iswapq0,iswapq1;
u3(3.5*pi,1.5*pi,0.5*pi) iswapq0;
u3(3.5*pi,1.5*pi,0.5*pi) iswapq1;
}
gate ecr ecrq0,ecrq1 {
u3(1.0*pi,1.5*pi,1.0*pi) ecrq0;
u3(3.5*pi,1.5*pi,0.5*pi) ecrq1;
cx ecrq0,ecrq1;
}
qreg q[4];
creg c[4];
h q[0];
h q[1];
h q[2];
h q[3];
x q[0];
y q[1];
z q[2];
s q[3];
sdg q[0];
t q[1];
tdg q[2];
v q[3];
vdg q[0];
sx q[1];
sxdg q[2];
u1(0.4*pi) q[3];
rx(0.1*pi) q[0];
ry(0.2*pi) q[1];
rz(0.3*pi) q[2];
u2(0.5*pi,0.6*pi) q[0];
u3(0.7*pi,0.8*pi,0.9*pi) q[1];
cx q[0],q[1];
cy q[1],q[2];
cz q[2],q[3];
ch q[3],q[0];
crx(0.1*pi) q[0],q[1];
cry(0.2*pi) q[1],q[2];
crz(0.3*pi) q[2],q[3];
cu1(0.4*pi) q[3],q[0];
cu3(0.5*pi,0.6*pi,0.7*pi) q[0],q[2];
csx q[1],q[3];
cv q[0],q[3];
cs q[1],q[2];
rxx(0.1*pi) q[0],q[1];
yyphase(0.2*pi) q[1],q[2];
rzz(0.3*pi) q[2],q[3];
zzmax q[0],q[2];
iswapmax q[1],q[3];
iswap(0.3*pi) q[0],q[2];
swap q[0],q[3];
ecr q[1],q[2];
cswap q[0],q[1],q[2];
ccx q[1],q[2],q[3];
c3x q[0],q[1],q[2],q[3];
h q[0];
h q[1];
h q[2];
h q[3];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
